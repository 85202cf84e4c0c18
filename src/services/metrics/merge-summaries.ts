import type { MetricsSummary } from './recent.ts';

/**
 * The sums of several slots with one build. Quantiles do not add up, so the worst one stands: nobody
 * judges by them.
 */
export function mergeSummaries(summaries: readonly MetricsSummary[]): MetricsSummary {
  const merged: MetricsSummary = {};
  for (const [path, { latency, errors }] of summaries.flatMap((one) => Object.entries(one))) {
    const other = merged[path];
    merged[path] =
      other === undefined
        ? { latency, errors }
        : {
            latency: {
              count: latency.count + other.latency.count,
              p50: Math.max(latency.p50, other.latency.p50),
              p95: Math.max(latency.p95, other.latency.p95),
              p99: Math.max(latency.p99, other.latency.p99),
            },
            errors: { count: errors.count + other.errors.count },
          };
  }
  return merged;
}
