import type { EndpointCounters, EndpointSessions } from '../services/metrics/metrics.ts';
import type { Sample } from './band-test.ts';
import { type Counts, totalRequests } from './counters.ts';
import { absenceOf } from './missing-data.ts';
import type { ProbeSample } from './probes.ts';
import type { SloMetric } from './slo.ts';

/** Bad samples by the green and by the red line: a latency has two bounds, everything else one. */
export interface MetricSample {
  readonly green: Sample;
  readonly red: Sample;
  /**
   * Set where requests are counted that fail together: how many of them one session makes. They weigh
   * as one sample, or a single customer who tries again five times would be five witnesses.
   */
  readonly perSession?: number;
}

/** The samples as evidence: requests that fail together weigh as one. May be fractions. */
export function weighed({ perSession = 1 }: MetricSample, { bad, n }: Sample): Sample {
  return { bad: bad / perSession, n: n / perSession };
}

/** Why a metric could not be made from the counters. */
export interface SampleProblem {
  readonly problem: string;
}

/** A metric of one endpoint. */
type EndpointMetric = Extract<SloMetric, { readonly endpoint: string }>;

function slowerThan(counted: EndpointCounters, boundMs: number): Sample | SampleProblem {
  const total = counted.latency.find(({ leMs }) => leMs === Number.POSITIVE_INFINITY);
  const within = counted.latency.find(({ leMs }) => leMs === boundMs);
  if (total === undefined || within === undefined) {
    return { problem: `the latency histogram has no bucket at ${boundMs} ms` };
  }
  return { bad: total.count - within.count, n: total.count };
}

const both = (sample: Sample): MetricSample => ({ green: sample, red: sample });

const none = both({ bad: 0, n: 0 });
const notAsked: EndpointCounters = { requests: 0, errors: 0, latency: [] };

type Found = Sample | SampleProblem;

/** By the green and by the red line, if both can be told. */
function pair(green: Found, red: Found): MetricSample | SampleProblem {
  if ('problem' in green) return green;
  if ('problem' in red) return red;
  return { green, red };
}

/** Requests slower than each line, or answered with a 5xx. */
function byRequest(metric: EndpointMetric, counted: EndpointCounters, counts: Counts) {
  if (metric.measure === 'availability') {
    const sample = both({ bad: counted.errors, n: counted.requests });
    return { ...sample, perSession: requestsPerSession(counts) };
  }
  if (counted.requests === 0) return none;
  const { green, red = green } = metric;
  return pair(slowerThan(counted, green), slowerThan(counted, red));
}

/**
 * A session that came before the window and only then met its first bad answer adds to the bad ones
 * alone. It was there, so it is a sample too.
 */
const sessionSample = (bad: number, { n }: EndpointSessions): Sample => ({
  bad,
  n: Math.max(n, bad),
});

function slowSessions(sessions: EndpointSessions, boundMs: number): Found {
  const found = sessions.slow.find(({ overMs }) => overMs === boundMs);
  if (found !== undefined) return sessionSample(found.n, sessions);
  return {
    problem: `sessions slower than ${boundMs} ms are not counted; use a bound that is, or \`unit: request\``,
  };
}

/** Sessions with at least one answer slower than each line, or with at least one 5xx. */
function bySession(metric: EndpointMetric, { requests, sessions }: EndpointCounters) {
  if (requests === 0) return none;
  if (sessions === undefined) {
    return {
      problem: `sessions of ${metric.endpoint} are not counted; count them, or use \`unit: request\``,
    };
  }
  if (metric.measure === 'availability') return both(sessionSample(sessions.bad, sessions));
  const { green, red = green } = metric;
  return pair(slowSessions(sessions, green), slowSessions(sessions, red));
}

/** At least 1; the endpoints of one session are not told apart, so this rather weighs too little. */
function requestsPerSession(counts: Counts): number {
  return counts.sessions.n === 0 ? 1 : Math.max(1, totalRequests(counts).n / counts.sessions.n);
}

function rawSample(metric: SloMetric, counts: Counts): MetricSample | SampleProblem {
  switch (metric.measure) {
    case 'session-errors':
      return both({ bad: counts.sessions.bad, n: counts.sessions.n });
    case 'csat-negative': {
      const { great, needsFollowUp } = counts.csat;
      return both({ bad: needsFollowUp, n: great + needsFollowUp });
    }
    default: {
      const counted = counts.endpoints[metric.endpoint] ?? notAsked;
      return metric.unit === 'session'
        ? bySession(metric, counted)
        : byRequest(metric, counted, counts);
    }
  }
}

const partOf = {
  'session-errors': 'sessions',
  'csat-negative': 'csat',
  latency: 'endpoints',
  availability: 'endpoints',
} as const;
const partWords = { sessions: 'sessions', csat: 'CSAT answers', endpoints: 'requests' } as const;

/** The samples of one metric, or why there cannot be any: never a zero that nobody counted. */
export function sampleOf(metric: SloMetric, counts: Counts): MetricSample | SampleProblem {
  const part = partOf[metric.measure];
  if (counts.unknown?.includes(part) === true) {
    return { problem: `this source of metrics does not count ${partWords[part]}` };
  }
  const sample = rawSample(metric, counts);
  if ('problem' in sample) return sample;
  if (sample.green.bad > sample.green.n || sample.red.bad > sample.red.n) {
    return { problem: 'more bad samples than samples were counted' };
  }
  const absence = absenceOf(metric, sample.green.n, totalRequests(counts).n);
  return absence?.broken === true ? { problem: absence.words } : sample;
}

/** The customers' samples with aurora's own requests among them: for the band, not for comparing. */
export function withProbes(sample: MetricSample, probes: ProbeSample | undefined): MetricSample {
  if (probes === undefined) return sample;
  const { n, bad, badRed } = probes;
  const more = (own: Sample, bads: number) => ({ bad: own.bad + bads, n: own.n + n });
  return { ...sample, green: more(sample.green, bad), red: more(sample.red, badRed) };
}
