import { addCounts, type Counts, noCounts } from '../../../src/judge/counters.ts';
import type { SloMetric } from '../../../src/judge/slo.ts';
import type { EndpointCounters } from '../../../src/services/metrics/metrics.ts';
import { type MetricMinute, type Minute, togetherIn } from './streams.ts';

type Draft = { -readonly [K in keyof EndpointCounters]: EndpointCounters[K] };

/** The requests that are slower than a bound: each slow session has one. */
const latencyOf = (requests: number, slow: readonly (readonly [number, number])[]) => [
  ...slow.map(([leMs, count]) => ({ leMs, count: requests - count })),
  { leMs: Number.POSITIVE_INFINITY, count: requests },
];

/** What the service would count of one cohort in one minute, of metrics that were drawn. */
function countsOf(
  metrics: readonly SloMetric[],
  samples: readonly (MetricMinute | null)[],
  together: number,
): Counts {
  const endpoints: Record<string, Draft> = {};
  let sessions = noCounts.sessions;
  let csat = noCounts.csat;
  const at = (path: string, requests: number) => {
    const known = endpoints[path] ?? { requests, errors: 0, latency: [] };
    endpoints[path] = known;
    return known;
  };
  const bySession = (path: string, { n }: MetricMinute) => {
    const known = at(path, n * together);
    known.sessions ??= { n, bad: 0, slow: [] };
    return { known, sessions: known.sessions };
  };
  metrics.forEach((metric, index) => {
    const sample = samples[index];
    if (sample === undefined || sample === null) return;
    const { n, green, red } = sample;
    if (metric.measure === 'session-errors') sessions = { n, bad: green };
    else if (metric.measure === 'csat-negative') csat = { great: n - green, needsFollowUp: green };
    else if (metric.measure === 'availability' && metric.unit === 'session') {
      const { known, sessions } = bySession(metric.endpoint, sample);
      known.errors = green * together;
      known.sessions = { ...sessions, bad: green };
    } else if (metric.measure === 'availability') at(metric.endpoint, n).errors = green;
    else {
      const slow = [[metric.green, green] as const, [metric.red ?? metric.green, red] as const];
      if (metric.unit === 'session') {
        const { known, sessions } = bySession(metric.endpoint, sample);
        known.latency = latencyOf(known.requests, slow);
        known.sessions = { ...sessions, slow: slow.map(([overMs, n]) => ({ overMs, n })) };
      } else at(metric.endpoint, n).latency = latencyOf(n, slow);
    }
  });
  return { endpoints, sessions, csat };
}

/** The cumulative counts of both cohorts after each minute, as the canary gate would hold them. */
export function asCounts(metrics: readonly SloMetric[], stream: readonly Minute[]) {
  let candidate = noCounts;
  let control = noCounts;
  return stream.map((minute) => {
    candidate = addCounts(candidate, countsOf(metrics, minute.candidate, togetherIn(minute)));
    control = addCounts(control, countsOf(metrics, minute.control, togetherIn(minute)));
    return { candidate, control };
  });
}
