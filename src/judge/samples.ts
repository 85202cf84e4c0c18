import type { EndpointCounters } from '../services/metrics/metrics.ts';
import type { Sample } from './band-test.ts';
import { type Counts, totalRequests } from './counters.ts';
import { absenceOf } from './missing-data.ts';
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

function slowerThan(counted: EndpointCounters, boundMs: number): Sample | SampleProblem {
  const total = counted.latency.find(({ leMs }) => leMs === Number.POSITIVE_INFINITY);
  const within = counted.latency.find(({ leMs }) => leMs === boundMs);
  if (total === undefined || within === undefined) {
    return { problem: `the latency histogram has no bucket at ${boundMs} ms` };
  }
  return { bad: total.count - within.count, n: total.count };
}

function latencySample(
  counted: EndpointCounters | undefined,
  greenMs: number,
  redMs: number,
): MetricSample | SampleProblem {
  if (counted === undefined || counted.requests === 0) return both({ bad: 0, n: 0 });
  const green = slowerThan(counted, greenMs);
  const red = slowerThan(counted, redMs);
  if ('problem' in green) return green;
  if ('problem' in red) return red;
  return { green, red };
}

const both = (sample: Sample): MetricSample => ({ green: sample, red: sample });

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
    case 'latency':
      return latencySample(
        counts.endpoints[metric.endpoint],
        metric.green,
        metric.red ?? metric.green,
      );
    case 'availability': {
      const counted = counts.endpoints[metric.endpoint];
      const sample = both({ bad: counted?.errors ?? 0, n: counted?.requests ?? 0 });
      return { ...sample, perSession: requestsPerSession(counts) };
    }
  }
}

/** The samples of one metric, or why there cannot be any: never a zero that nobody counted. */
export function sampleOf(metric: SloMetric, counts: Counts): MetricSample | SampleProblem {
  const sample = rawSample(metric, counts);
  if ('problem' in sample) return sample;
  if (sample.green.bad > sample.green.n || sample.red.bad > sample.red.n) {
    return { problem: 'more bad samples than samples were counted' };
  }
  const absence = absenceOf(metric, sample.green.n, totalRequests(counts).n);
  return absence?.broken === true ? { problem: absence.words } : sample;
}
