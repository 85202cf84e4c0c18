import { AuroraError } from '../../base/errors.ts';
import type { CohortCounters, EndpointCounters, EndpointSessions } from './metrics.ts';

/** One counter: its labels under the concierge's names, and what it counted. */
export interface CountedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics that become a cohort's counters. */
export type CohortMetric =
  | 'requests'
  | 'durations'
  | 'sessions'
  | 'badSessions'
  | 'csat'
  | 'endpointSessions'
  | 'endpointBadSessions'
  | 'endpointSlowSessions';

/** What a source counted of one build. Undefined: the source does not have that metric. */
export type CohortSamples = Readonly<Record<CohortMetric, readonly CountedSample[] | undefined>>;

/** The parts of a cohort that counters give. */
export type CohortCounts = Pick<CohortCounters, 'endpoints' | 'sessions' | 'csat' | 'unknown'>;

interface MutableEndpoint {
  requests: number;
  errors: number;
  readonly buckets: Map<number, number>;
  sessions: number;
  badSessions: number;
  readonly slow: Map<number, number>;
}

const emptyEndpoint = (): MutableEndpoint => ({
  requests: 0,
  errors: 0,
  buckets: new Map(),
  sessions: 0,
  badSessions: 0,
  slow: new Map(),
});

function labelOf({ labels }: CountedSample, label: string, of: string): string {
  const value = labels[label];
  // Without its label a failure would look like a success, or like another endpoint's.
  if (value !== undefined && value !== '') return value;
  throw new AuroraError('SERVICE_ANSWER_INVALID', `${of} are counted without a label ${label}`);
}

function isServerError(sample: CountedSample): boolean {
  const status = labelOf(sample, 'status', 'requests');
  if (/^[1-5](\d\d|xx)$/i.test(status)) return status.startsWith('5');
  throw new AuroraError('SERVICE_ANSWER_INVALID', `"${status}" is no HTTP status`);
}

/** Milliseconds of a bound in seconds: 0.45 s is 450 ms, whatever binary fractions make of it. */
function boundMs(sample: CountedSample, label: string, of: string): number {
  const text = labelOf(sample, label, of);
  const seconds = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
  if (!Number.isNaN(seconds)) return Math.round(seconds * 1e6) / 1e3;
  throw new AuroraError('SERVICE_ANSWER_INVALID', `"${text}" is no bound in seconds`);
}

const addTo = (map: Map<number, number>, key: number, value: number) =>
  map.set(key, (map.get(key) ?? 0) + value);

const total = (samples: readonly CountedSample[] = []) =>
  samples.reduce((sum, { value }) => sum + value, 0);

function endpointsOf(samples: CohortSamples): Record<string, EndpointCounters> {
  const found = new Map<string, MutableEndpoint>();
  const each = (
    metric: CohortMetric,
    add: (endpoint: MutableEndpoint, sample: CountedSample) => void,
  ) => {
    for (const sample of samples[metric] ?? []) {
      const path = labelOf(sample, 'endpoint', 'requests');
      const endpoint = found.get(path) ?? emptyEndpoint();
      found.set(path, endpoint);
      add(endpoint, sample);
    }
  };
  each('requests', (endpoint, sample) => {
    endpoint.requests += sample.value;
    if (isServerError(sample)) endpoint.errors += sample.value;
  });
  each('durations', ({ buckets }, sample) =>
    addTo(buckets, boundMs(sample, 'le', 'durations'), sample.value),
  );
  each('endpointSessions', (endpoint, { value }) => {
    endpoint.sessions += value;
  });
  each('endpointBadSessions', (endpoint, { value }) => {
    endpoint.badSessions += value;
  });
  each('endpointSlowSessions', ({ slow }, sample) =>
    addTo(slow, boundMs(sample, 'over', 'slow sessions'), sample.value),
  );
  // Of the three only all together say something.
  const counted =
    samples.endpointSessions !== undefined &&
    samples.endpointBadSessions !== undefined &&
    samples.endpointSlowSessions !== undefined;
  const entries = [...found].map(([path, endpoint]) => [path, frozen(endpoint, counted)] as const);
  return Object.fromEntries(entries);
}

function frozen(endpoint: MutableEndpoint, withSessions: boolean): EndpointCounters {
  const latency = [...endpoint.buckets].map(([leMs, count]) => ({ leMs, count }));
  const slow = [...endpoint.slow].map(([overMs, n]) => ({ overMs, n }));
  const sessions: EndpointSessions = {
    n: endpoint.sessions,
    bad: endpoint.badSessions,
    slow: slow.sort((x, y) => x.overMs - y.overMs),
  };
  return {
    requests: endpoint.requests,
    errors: endpoint.errors,
    latency: latency.sort((x, y) => x.leMs - y.leMs),
    ...(withSessions ? { sessions } : {}),
  };
}

/**
 * The counters of one build from its samples. SERVICE_ANSWER_INVALID when a sample lacks the label
 * that says what it counts.
 */
export function countsOf(samples: CohortSamples): CohortCounts {
  const rated = (rating: string) =>
    total(samples.csat?.filter((sample) => labelOf(sample, 'rating', 'ratings') === rating));
  const unknown = [
    ...(samples.requests === undefined ? (['endpoints'] as const) : []),
    ...(samples.sessions === undefined || samples.badSessions === undefined
      ? (['sessions'] as const)
      : []),
    ...(samples.csat === undefined ? (['csat'] as const) : []),
  ];
  return {
    endpoints: samples.requests === undefined ? {} : endpointsOf(samples),
    sessions: unknown.includes('sessions')
      ? { n: 0, bad: 0 }
      : { n: total(samples.sessions), bad: total(samples.badSessions) },
    csat: { great: rated('great'), needsFollowUp: rated('needs_follow_up') },
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}
