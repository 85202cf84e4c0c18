import { AuroraError } from '../../base/errors.ts';
import type { CohortCounters, EndpointCounters } from './metrics.ts';
import type { PrometheusSample, PrometheusText } from './prometheus-text.ts';

const names = {
  requests: 'concierge_http_requests_total',
  duration: 'concierge_http_request_duration_seconds',
  sessions: 'concierge_sessions_total',
  badSessions: 'concierge_sessions_bad_total',
  csat: 'concierge_csat_total',
  start: 'concierge_process_start_time_seconds',
} as const;

interface MutableCounters {
  requests: number;
  errors: number;
  buckets: Map<number, number>;
}

/** The samples of one build. A metric that is not even declared is missing, not zero. */
function pick(text: PrometheusText, name: string, build: string): readonly PrometheusSample[] {
  const family = name.replace(/_bucket$/, '');
  const found = text.samples.get(name);
  if (found === undefined && !text.declared.has(family)) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `the metrics hold no ${family}`);
  }
  const own = (found ?? []).filter(({ labels }) => labels.build === build);
  if (found !== undefined && found.length > 0 && own.length === 0) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `${family} is counted for another build`);
  }
  return own;
}

const total = (samples: readonly PrometheusSample[]) =>
  samples.reduce((sum, { value }) => sum + value, 0);

function endpointsOf(text: PrometheusText, build: string): Record<string, EndpointCounters> {
  const found = new Map<string, MutableCounters>();
  const of = (endpoint: string) => {
    const counters = found.get(endpoint) ?? { requests: 0, errors: 0, buckets: new Map() };
    found.set(endpoint, counters);
    return counters;
  };
  for (const { labels, value } of pick(text, names.requests, build)) {
    const counters = of(labels.endpoint ?? '');
    counters.requests += value;
    if (Number(labels.status) >= 500) counters.errors += value;
  }
  for (const { labels, value } of pick(text, `${names.duration}_bucket`, build)) {
    const seconds = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    // 0.45 s is 450 ms, whatever binary fractions make of it.
    const leMs = Math.round(seconds * 1e6) / 1e3;
    const { buckets } = of(labels.endpoint ?? '');
    buckets.set(leMs, (buckets.get(leMs) ?? 0) + value);
  }
  return Object.fromEntries([...found].map(([endpoint, counted]) => [endpoint, frozen(counted)]));
}

function frozen({ requests, errors, buckets }: MutableCounters): EndpointCounters {
  const latency = [...buckets].map(([leMs, count]) => ({ leMs, count }));
  return { requests, errors, latency: latency.sort((x, y) => x.leMs - y.leMs) };
}

/** The counters of one build in a scrape of its slot; SERVICE_ANSWER_INVALID when one is missing. */
export function cohortCounters(text: PrometheusText, build: string, at: number): CohortCounters {
  const start = pick(text, names.start, build)[0];
  if (start === undefined) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `the metrics hold no ${names.start}`);
  }
  const ratings = pick(text, names.csat, build);
  const rated = (rating: string) => total(ratings.filter(({ labels }) => labels.rating === rating));
  return {
    at,
    epoch: String(start.value),
    endpoints: endpointsOf(text, build),
    sessions: {
      n: total(pick(text, names.sessions, build)),
      bad: total(pick(text, names.badSessions, build)),
    },
    csat: { great: rated('great'), needsFollowUp: rated('needs_follow_up') },
  };
}
