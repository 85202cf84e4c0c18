import { addCounts, type Counts, noCounts } from '../../../src/judge/counters.ts';
import type { SloMetric } from '../../../src/judge/slo.ts';
import type { EndpointCounters } from '../../../src/services/metrics/metrics.ts';
import type { MetricMinute, Minute } from './streams.ts';

type Draft = { -readonly [K in keyof EndpointCounters]: EndpointCounters[K] };

/** What the service would count of one cohort in one minute, of metrics that were drawn. */
function countsOf(
  metrics: readonly SloMetric[],
  samples: readonly (MetricMinute | null)[],
): Counts {
  const endpoints: Record<string, Draft> = {};
  let sessions = noCounts.sessions;
  let csat = noCounts.csat;
  const at = (path: string, n: number) => {
    const known = endpoints[path] ?? { requests: n, errors: 0, latency: [] };
    endpoints[path] = known;
    return known;
  };
  metrics.forEach((metric, index) => {
    const sample = samples[index];
    if (sample === undefined || sample === null) return;
    const { n, green, red } = sample;
    if (metric.measure === 'session-errors') sessions = { n, bad: green };
    else if (metric.measure === 'csat-negative') csat = { great: n - green, needsFollowUp: green };
    else if (metric.measure === 'availability') at(metric.endpoint, n).errors = green;
    else {
      at(metric.endpoint, n).latency = [
        { leMs: metric.green, count: n - green },
        { leMs: metric.red ?? metric.green, count: n - red },
        { leMs: Number.POSITIVE_INFINITY, count: n },
      ];
    }
  });
  return { endpoints, sessions, csat };
}

/** The cumulative counts of both cohorts after each minute, as the canary gate would hold them. */
export function asCounts(metrics: readonly SloMetric[], stream: readonly Minute[]) {
  let candidate = noCounts;
  let control = noCounts;
  return stream.map((minute) => {
    candidate = addCounts(candidate, countsOf(metrics, minute.candidate));
    control = addCounts(control, countsOf(metrics, minute.control));
    return { candidate, control };
  });
}
