import { instantOf, type WallMs, wallAt } from './freeze-zone.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A freeze without an end that far away has none worth telling. */
const farMs = 400 * dayMs;

/** A day of any year; months and days count from 1. */
export interface YearDay {
  readonly month: number;
  readonly day: number;
}

/** When nothing may be changed for customers, on the walls of one time zone. */
export type Freeze = {
  /** As people know it: `Black Week`. Unique in a plan. */
  readonly name: string;
  /** IANA name: `Europe/Oslo`. */
  readonly zone: string;
} & (
  | { readonly when: 'once'; readonly from: WallMs; readonly to: WallMs }
  | {
      readonly when: 'weekly';
      /** Days on which it begins; 0 is Sunday. */
      readonly days: readonly number[];
      /** Minutes since midnight; with `to` not after `from` it ends on the next day. */
      readonly from: number;
      readonly to: number;
    }
  /** From the beginning of the first day to the end of the last. */
  | { readonly when: 'yearly'; readonly from: YearDay; readonly to: YearDay }
);

/** A window that holds at some instant. */
export interface Frozen {
  readonly name: string;
  readonly zone: string;
  /**
   * The first instant at which no window holds any more, ones that adjoin taken together:
   * milliseconds since the epoch. Null when there is no such instant within a year.
   */
  readonly until: number | null;
}

interface WallSpan {
  readonly from: WallMs;
  readonly to: WallMs;
}

const startOfDay = (wall: WallMs) => Math.floor(wall / dayMs) * dayMs;

/** The 29th of February of a common year is the 1st of March. */
function dayOf(year: number, { month, day }: YearDay): WallMs {
  return Date.UTC(year, month - 1, day);
}

/** The windows of a freeze that begin or end near a time on the wall. */
function spansNear(freeze: Freeze, wall: WallMs): readonly WallSpan[] {
  switch (freeze.when) {
    case 'once':
      return [freeze];
    case 'weekly': {
      const length =
        freeze.to > freeze.from ? freeze.to - freeze.from : freeze.to + 1440 - freeze.from;
      const days = [-2, -1, 0, 1].map((days) => startOfDay(wall) + days * dayMs);
      return days
        .filter((day) => freeze.days.includes(new Date(day).getUTCDay()))
        .map((day) => day + freeze.from * minuteMs)
        .map((from) => ({ from, to: from + length * minuteMs }));
    }
    case 'yearly': {
      const year = new Date(wall).getUTCFullYear();
      return [year - 1, year, year + 1].map((first) => {
        const from = dayOf(first, freeze.from);
        const last = dayOf(first, freeze.to);
        const end = last < from ? dayOf(first + 1, freeze.to) : last;
        return { from, to: end + dayMs };
      });
    }
  }
}

/** When the window that holds at this instant ends; undefined when none does. */
function endOf(freeze: Freeze, instantMs: number): number | undefined {
  const { zone } = freeze;
  const ends = spansNear(freeze, wallAt(zone, instantMs))
    // Where a wall shows a time twice, customers get the longer freeze.
    .map(({ from, to }) => [instantOf(zone, from, 'first'), instantOf(zone, to, 'last')] as const)
    .filter(([from, to]) => from <= instantMs && instantMs < to)
    .map(([, to]) => to);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** The window among these that holds longest at this instant, with its own end. */
function holding(freezes: readonly Freeze[], instantMs: number) {
  return freezes
    .flatMap((freeze) => {
      const end = endOf(freeze, instantMs);
      return end === undefined ? [] : [{ freeze, end }];
    })
    .reduce<{ freeze: Freeze; end: number } | undefined>(
      (longest, one) => (longest === undefined || one.end > longest.end ? one : longest),
      undefined,
    );
}

/** Whether something is frozen at an instant, what, and until when. Null when nothing is. */
export function frozenAt(freezes: readonly Freeze[], instantMs: number): Frozen | null {
  const now = holding(freezes, instantMs);
  if (now === undefined) return null;
  const { name, zone } = now.freeze;
  let until = now.end;
  for (;;) {
    const next = holding(freezes, until);
    if (next === undefined) return { name, zone, until };
    if (next.end - instantMs > farMs) return { name, zone, until: null };
    until = next.end;
  }
}

function local(zone: string, instantMs: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(instantMs);
}

/**
 * `Tue, 1 Dec 2026, 00:00 in Europe/Oslo (Mon, 30 Nov 2026, 23:00 in UTC)`: when a window ends, for
 * people there and for those here, in the zone of this machine.
 */
export function untilText({ zone, until }: Frozen, here: string): string {
  if (until === null) return 'further notice';
  const there = `${local(zone, until)} in ${zone}`;
  return here === zone ? there : `${there} (${local(here, until)} in ${here})`;
}
