import { z } from 'zod';
import type { CohortCounts } from './cohort.ts';
import type { EndpointCounters, RecentLatency } from './metrics.ts';

/** `/api/metrics` as it lists single requests. */
const pointsAnswer = z.object({
  points: z.array(
    z.object({
      timestamp: z.number(),
      endpoint: z.string(),
      statusCode: z.number().int(),
      duration: z.number().nonnegative(),
    }),
  ),
});

/** `/api/metrics?format=summary`. */
const summaryAnswer = z.object({
  summary: z.record(
    z.string(),
    z.object({
      latency: z.object({
        count: z.number().int().nonnegative(),
        p50: z.number(),
        p95: z.number(),
        p99: z.number(),
      }),
      errors: z.object({ count: z.number().int().nonnegative() }),
    }),
  ),
});

/** One request: when (milliseconds since the epoch), where, how it ended, how long (milliseconds). */
export type Point = z.infer<typeof pointsAnswer>['points'][number];

/** Parses the answer that lists points; throws when it is none. */
export const parsePoints = (json: unknown): readonly Point[] => pointsAnswer.parse(json).points;

/** Parses the answer that sums up; throws when it is none. */
export const parseSummary = (json: unknown) => summaryAnswer.parse(json).summary;
export type MetricsSummary = ReturnType<typeof parseSummary>;

/** Bounds for which feasibility may ask: the concierge's own buckets, in milliseconds. */
const boundsMs = [
  5,
  10,
  25,
  50,
  100,
  200,
  300,
  400,
  450,
  500,
  600,
  650,
  700,
  1_000,
  2_000,
  5_000,
  Number.POSITIVE_INFINITY,
];

function byEndpoint(points: readonly Point[]): ReadonlyMap<string, readonly Point[]> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const group = groups.get(point.endpoint);
    if (group === undefined) groups.set(point.endpoint, [point]);
    else group.push(point);
  }
  return groups;
}

/** The smallest value that at least this share of the sorted values does not exceed. */
const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

/** Exact quantiles of single requests, by endpoint. */
export function recentLatency(points: readonly Point[]): Readonly<Record<string, RecentLatency>> {
  const entries = [...byEndpoint(points)].map(([endpoint, group]) => {
    const sorted = group.map(({ duration }) => duration).sort((x, y) => x - y);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share));
    return [endpoint, { n: sorted.length, p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0 }] as const;
  });
  return Object.fromEntries(entries);
}

/** Points name no session and no rating. */
const notInPoints: Omit<CohortCounts, 'endpoints'> = {
  sessions: { n: 0, bad: 0 },
  csat: { great: 0, needsFollowUp: 0 },
  unknown: ['sessions', 'csat'],
};

/** What single requests add up to: of the last thousand at most, so to foresee and never to judge. */
export function countsOfPoints(points: readonly Point[]): CohortCounts {
  const count = (group: readonly Point[]): EndpointCounters => ({
    requests: group.length,
    errors: group.filter(({ statusCode }) => statusCode >= 500).length,
    latency: boundsMs.map((leMs) => ({
      leMs,
      count: group.filter(({ duration }) => duration <= leMs).length,
    })),
  });
  const entries = [...byEndpoint(points)].map(([path, group]) => [path, count(group)] as const);
  return { endpoints: Object.fromEntries(entries), ...notInPoints };
}

/** As above from sums: without a histogram. */
export function countsOfSummary(summary: MetricsSummary): CohortCounts {
  const entries = Object.entries(summary).map(
    ([path, { latency, errors }]) =>
      [path, { requests: latency.count, errors: errors.count, latency: [] }] as const,
  );
  return { endpoints: Object.fromEntries(entries), ...notInPoints };
}
