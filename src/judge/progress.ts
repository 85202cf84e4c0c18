import { logEvidenceBelow } from './band-test.ts';
import { firstWhere } from './binomial.ts';
import { weighed } from './samples.ts';
import { limitsOf } from './slo.ts';
import type { MetricJudgement } from './verdict.ts';

/** How far the proof of one metric has come. Times in milliseconds. */
export interface MetricProgress {
  readonly id: string;
  /** Evidence so far as a part of what is needed, 0 to 1 on the logarithmic scale. */
  readonly done: number;
  /** ln E that is still missing. */
  readonly logToGo: number;
  /** Clean samples still missing; null when out of reach. */
  readonly cleanToGo: number | null;
  /** Until then at the present rate of samples, if all are clean; null when that cannot be said. */
  readonly earliestMs: number | null;
  /** The same if bad ones go on as so far; null when they are too many for any proof. */
  readonly expectedMs: number | null;
}

/** More samples than any canary sees: beyond it an answer is none. */
const farthest = 100_000_000;

/** Samples in all at which the share of bad so far would be a proof; null when it never is. */
function samplesAtThisShare({ metric, sample, logGreenNeeded }: MetricJudgement): number | null {
  const { bad, n } = weighed(sample, sample.green);
  const limit = limitsOf(metric).green;
  const share = bad / n;
  if (share >= limit) return null;
  const proven = (total: number) =>
    logEvidenceBelow(limit, { bad: share * total, n: total }) >= logGreenNeeded;
  let high = n;
  while (!proven(high)) {
    if (high > farthest) return null;
    high *= 2;
  }
  return firstWhere(Math.ceil(n), Math.ceil(high), proven) * (sample.perSession ?? 1);
}

/** Evidence so far, evidence to go and when it will be there, `elapsedMs` into the watch. */
export function progressOf(judged: MetricJudgement, elapsedMs: number): MetricProgress {
  const { metric, sample, logGreen, logGreenNeeded, toGreen } = judged;
  const { n } = sample.green;
  const rated = n > 0 && elapsedMs > 0;
  const total = rated ? samplesAtThisShare(judged) : null;
  const time = (samples: number) => Math.ceil((Math.max(0, samples) * elapsedMs) / n);
  return {
    id: metric.id,
    done: Math.min(1, Math.max(0, logGreen / logGreenNeeded)),
    logToGo: Math.max(0, logGreenNeeded - logGreen),
    cleanToGo: toGreen,
    earliestMs: rated && toGreen !== null ? time(toGreen) : null,
    expectedMs: total === null ? null : time(Math.max(total, metric.minSamples) - n),
  };
}
