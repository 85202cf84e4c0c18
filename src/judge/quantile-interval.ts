import { firstWhere, logAtLeast, logAtMost } from './binomial.ts';
import type { Interval } from './wilson.ts';

/** A cumulative histogram: upper bound in milliseconds (Infinity last) -> samples at or below it. */
export type Buckets = readonly { readonly leMs: number; readonly count: number }[];

/** Places in the sorted samples, from 1; null where there are too few samples for a bound. */
export interface Ranks {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The places in n sorted samples between which the `quantile` lies with this confidence, whatever
 * the distribution: the samples below it are binomial, and each side may be missed with half of the
 * rest (David & Nagaraja, Order Statistics, 3rd ed., 7.1). A finite 95 % interval needs 72 samples
 * for p95 and 368 for p99. For a fixed n: not for stopping by.
 */
export function quantileRanks(n: number, quantile: number, confidence = 0.95): Ranks {
  const logMiss = Math.log((1 - confidence) / 2);
  // The largest place that lies above the quantile rarely enough, and the smallest below it so.
  const tooHigh = firstWhere(1, n + 1, (rank) => logAtMost(rank - 1, n, quantile) > logMiss);
  const high = firstWhere(1, n + 1, (rank) => logAtLeast(rank, n, quantile) <= logMiss);
  return { low: tooHigh === 1 ? null : tooHigh - 1, high: high > n ? null : high };
}

/** Between 0 and infinity where a side is unknown: latencies have no other bounds. */
export function quantileInterval(
  sorted: readonly number[],
  quantile: number,
  confidence = 0.95,
): Interval {
  const { low, high } = quantileRanks(sorted.length, quantile, confidence);
  return {
    low: low === null ? 0 : (sorted[low - 1] ?? 0),
    high: high === null ? Number.POSITIVE_INFINITY : (sorted[high - 1] ?? Number.POSITIVE_INFINITY),
  };
}

/** The edges of the bucket in which the sample of this place lies. */
function bucketOf(buckets: Buckets, rank: number): Interval {
  const at = buckets.findIndex(({ count }) => count >= rank);
  return {
    low: buckets[at - 1]?.leMs ?? 0,
    high: buckets[at]?.leMs ?? Number.POSITIVE_INFINITY,
  };
}

/** A quantile as a histogram can tell it, in bucket edges (milliseconds). */
export interface BucketQuantile {
  readonly n: number;
  /** The edges of the bucket with the quantile of the samples; null without any. */
  readonly estimate: Interval | null;
  /** Holds the true quantile with the confidence asked for; wider by up to a bucket on each side. */
  readonly interval: Interval;
}

/** The quantile of a histogram with its order-statistic interval. */
export function bucketQuantile(
  buckets: Buckets,
  quantile: number,
  confidence = 0.95,
): BucketQuantile {
  const n = buckets.at(-1)?.count ?? 0;
  if (n === 0) return { n, estimate: null, interval: { low: 0, high: Number.POSITIVE_INFINITY } };
  const { low, high } = quantileRanks(n, quantile, confidence);
  return {
    n,
    estimate: bucketOf(buckets, Math.max(1, Math.ceil(quantile * n))),
    interval: {
      low: low === null ? 0 : bucketOf(buckets, low).low,
      high: high === null ? Number.POSITIVE_INFINITY : bucketOf(buckets, high).high,
    },
  };
}

/** What is shown of a latency: p50, p95 and p99, each with its interval. */
export function shownQuantiles(buckets: Buckets, confidence = 0.95) {
  return {
    p50: bucketQuantile(buckets, 0.5, confidence),
    p95: bucketQuantile(buckets, 0.95, confidence),
    p99: bucketQuantile(buckets, 0.99, confidence),
  };
}

const edge = (ms: number) => (ms === Number.POSITIVE_INFINITY ? 'open' : `${ms} ms`);

/** `p95 100 to 300 ms, 95 % interval 100 ms to open (40 samples)`. */
export function quantileWords(name: string, { n, estimate, interval }: BucketQuantile): string {
  if (estimate === null) return `${name}: no samples`;
  const seen =
    estimate.high === Number.POSITIVE_INFINITY
      ? `above ${estimate.low} ms`
      : `${estimate.low} to ${estimate.high} ms`;
  const range =
    interval.high === Number.POSITIVE_INFINITY && interval.low === 0
      ? 'none yet'
      : `${interval.low} ms to ${edge(interval.high)}`;
  return `${name} ${seen}, 95 % interval ${range} (${n} samples)`;
}
