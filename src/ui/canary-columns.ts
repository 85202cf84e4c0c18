import type { LookMetric } from '../report/look.ts';
import { countWords, rateWords } from '../report/look-words.ts';
import { textWidth } from './text.ts';

/** Widths of the columns of a metric's line; 0 where a column is left out. */
export interface CanaryColumns {
  readonly title: number;
  readonly bar: number;
  readonly counts: number;
  readonly unit: number;
  readonly rate: number;
  readonly outlook: number;
  readonly spark: number;
}

export const columnGap = 2;
/** A title is cut to this before a column is left out for it. */
const leastTitle = 14;
const [leastBar, mostBar] = [6, 12];
const [leastSpark, mostSpark] = [6, 24];

/** What the lines hold, before it is known how wide they may be. */
export interface CanaryContent {
  readonly metrics: readonly LookMetric[];
  readonly outlooks: readonly string[];
  /** How many looks there are to draw. */
  readonly looks: number;
}

/**
 * Gives the columns their widths, in the order of what a reader needs most: what becomes of it, the
 * bar, the counts, its history; then whole titles, units and intervals.
 */
export function columnsOf({ metrics, outlooks, looks }: CanaryContent, width: number) {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(textWidth));
  const titles = widest(metrics.map(({ title }) => title));
  const outlook = Math.min(widest(outlooks), width);
  let title = Math.min(titles, leastTitle);
  let left = width - outlook - title - columnGap;
  /** Takes a column with its gap when there is room for it. */
  const take = (wanted: number) => {
    if (wanted === 0 || left < wanted + columnGap) return 0;
    left -= wanted + columnGap;
    return wanted;
  };
  /** Widens a column that is there. */
  const widen = (now: number, most: number) => {
    const more = now === 0 ? 0 : Math.min(Math.max(0, left), Math.max(0, most - now));
    left -= more;
    return now + more;
  };
  let bar = take(leastBar);
  const counts = take(widest(metrics.map(countWords)));
  let spark = looks < 2 ? 0 : take(Math.min(looks, leastSpark));
  title = widen(title, titles);
  const unit = take(widest(metrics.map((metric) => metric.unit)));
  const rate = take(widest(metrics.map(rateWords)));
  spark = widen(spark, Math.min(looks, mostSpark));
  bar = widen(bar, mostBar);
  return { title, bar, counts, unit, rate, outlook, spark } satisfies CanaryColumns;
}
