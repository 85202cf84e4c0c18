import { type DayFacts, increase } from './day-facts.ts';
import { funnels } from './funnels.ts';

/** How far back a report looks. */
export const ranges = { '7d': 7, '30d': 30, '90d': 90 } as const;
export type Range = keyof typeof ranges;

/** The sums of a report. */
export interface Totals {
  readonly sessions: number;
  readonly widgetOpens: number;
  readonly productsShown: number;
  readonly shortlisted: number;
  readonly capsulesReserved: number;
  readonly ordersTracked: number;
  readonly returnsInitiated: number;
  readonly ticketsCreated: number;
  readonly ratings: number;
  /** Mean score, 1 to 5; null without ratings. */
  readonly meanScore: number | null;
}

/** One day of the series. */
export interface SeriesDay {
  readonly day: string;
  readonly sessions: number;
  readonly productsShown: number;
  readonly capsulesReserved: number;
  readonly ratings: number;
}

export interface FunnelReport {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly { readonly title: string; readonly sessions: number }[];
}

/** What `/api/dashboard/analytics/concierge` answers. */
export interface Report {
  readonly range: Range;
  readonly totals: Totals;
  readonly intents: readonly { readonly intent: string; readonly sessions: number }[];
  readonly csat: readonly { readonly score: number; readonly ratings: number }[];
  readonly topShortlisted: readonly {
    readonly productId: string;
    readonly name: string;
    readonly times: number;
  }[];
  readonly funnel: readonly FunnelReport[];
  readonly series: readonly SeriesDay[];
}

const shownPieces = 10;

/** The products that are on shortlists most often, at most ten. */
export function topShortlisted(days: readonly DayFacts[]): readonly (readonly [string, number])[] {
  return ranked(days, ({ shortlisted }) => shortlisted).slice(0, shownPieces);
}

/** The report on some days. Pure: `scores` and `names` were read beside them. */
export function reportOf(
  range: Range,
  days: readonly DayFacts[],
  scores: ReadonlyMap<number, number>,
  names: ReadonlyMap<string, string>,
): Report {
  return {
    range,
    totals: totalsOf(days, scores),
    intents: ranked(days, ({ intents }) => intents).map(([intent, sessions]) => ({
      intent,
      sessions,
    })),
    csat: [1, 2, 3, 4, 5].map((score) => ({ score, ratings: scores.get(score) ?? 0 })),
    topShortlisted: topShortlisted(days).map(([productId, times]) => ({
      productId,
      name: names.get(productId) ?? productId,
      times,
    })),
    funnel: funnels.map(({ name, title, steps }) => ({
      name,
      title,
      steps: steps.map((step, index) => ({
        title: step.title,
        sessions: sum(days, (day) => day.funnels.get(name)?.[index] ?? 0),
      })),
    })),
    series: days.map((day) => ({
      day: day.day,
      sessions: day.sessions,
      productsShown: timesOf(day, 'aurora_products_shown'),
      capsulesReserved: timesOf(day, 'aurora_capsule_reserved'),
      ratings: timesOf(day, 'aurora_csat_submitted'),
    })),
  };
}

function totalsOf(days: readonly DayFacts[], scores: ReadonlyMap<number, number>): Totals {
  const of = (event: string) => sum(days, (day) => timesOf(day, event));
  const kept = [...scores];
  const ratings = kept.reduce((all, [, times]) => all + times, 0);
  const points = kept.reduce((all, [score, times]) => all + score * times, 0);
  return {
    sessions: sum(days, ({ sessions }) => sessions),
    widgetOpens: of('aurora_widget_open'),
    productsShown: of('aurora_products_shown'),
    shortlisted: of('aurora_product_shortlisted'),
    capsulesReserved: of('aurora_capsule_reserved'),
    ordersTracked: of('aurora_order_tracked'),
    returnsInitiated: of('aurora_return_initiated'),
    ticketsCreated: of('aurora_stylist_ticket_created'),
    ratings,
    meanScore: ratings === 0 ? null : Math.round((points / ratings) * 100) / 100,
  };
}

const timesOf = (day: DayFacts, event: string) => day.events.get(event) ?? 0;

function sum(days: readonly DayFacts[], of: (day: DayFacts) => number): number {
  return days.reduce((all, day) => all + of(day), 0);
}

/** Keys with their sums over all days, the largest first; equal ones by name. */
function ranked(
  days: readonly DayFacts[],
  of: (day: DayFacts) => ReadonlyMap<string, number>,
): (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const day of days) for (const [key, times] of of(day)) increase(sums, key, times);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
