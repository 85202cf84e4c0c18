import { logBeta, logBetaTails } from './log-beta.ts';

/** Bad samples of all samples. */
export interface Sample {
  readonly bad: number;
  readonly n: number;
}

/**
 * A test of "the true share of bad lies on this side of the limit" that may be looked at as often
 * as one likes: the evidence E is a mixture of likelihood ratios against the limit, its expectation
 * under any true share on the other side stays at or below 1, so it ever reaches 1/alpha with
 * probability alpha at most (Ville).
 */
interface Mixture {
  readonly a: number;
  readonly b: number;
  readonly tail: 'lower' | 'upper';
}

/** Green mixes over the shares below the limit, with most weight near a fifth of it. */
function greenMixture(limit: number): Mixture {
  const mean = limit / 5;
  return { a: 0.5, b: (0.5 * (1 - mean)) / mean, tail: 'lower' };
}

/** Red mixes over the shares above it. */
function redMixture(limit: number): Mixture {
  return { a: 1, b: (1 - limit) / limit, tail: 'upper' };
}

function logEvidence({ a, b, tail }: Mixture, limit: number, { bad, n }: Sample): number {
  const good = n - bad;
  const after = logBetaTails(limit, a + bad, b + good)[tail] + logBeta(a + bad, b + good);
  const before = logBetaTails(limit, a, b)[tail] + logBeta(a, b);
  return after - before - bad * Math.log(limit) - good * Math.log1p(-limit);
}

/** ln E for "the true share is below the limit". 0 (E = 1) without samples. */
export function logEvidenceBelow(limit: number, sample: Sample): number {
  return sample.n === 0 ? 0 : logEvidence(greenMixture(limit), limit, sample);
}

/** ln E for "the true share is above the limit". 0 (E = 1) without samples. */
export function logEvidenceAbove(limit: number, sample: Sample): number {
  return sample.n === 0 ? 0 : logEvidence(redMixture(limit), limit, sample);
}

/** More samples than any canary will see: beyond this nothing is promised. */
const ceiling = 10_000_000;

/**
 * How many more samples, all clean, until the share is proven below the limit at `alpha`; 0 when it
 * is already, null when ten million would not do.
 */
export function cleanSamplesToGreen(limit: number, alpha: number, sample: Sample): number | null {
  const needed = -Math.log(alpha);
  const proven = (more: number) =>
    logEvidenceBelow(limit, { bad: sample.bad, n: sample.n + more }) >= needed;
  if (proven(0)) return 0;
  let high = 1;
  while (!proven(high)) {
    if (high >= ceiling) return null;
    high *= 2;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proven(middle)) high = middle;
    else low = middle;
  }
  return high;
}
