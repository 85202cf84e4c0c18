import { type BetaMixture, logMixtureEvidence } from './beta-mixture.ts';

/** Bad samples of all samples. */
export interface Sample {
  readonly bad: number;
  readonly n: number;
}

/**
 * Green mixes over the shares below the limit, with most weight near a fifth of it.
 *
 * "The true share of bad lies on this side of the limit" may be looked at as often as one likes: the
 * evidence against any one share on the other side is no larger than against the limit itself.
 */
function greenMixture(limit: number): BetaMixture {
  const mean = limit / 5;
  return { a: 0.5, b: (0.5 * (1 - mean)) / mean, side: 'lower' };
}

/** Red mixes over the shares above it. */
function redMixture(limit: number): BetaMixture {
  return { a: 1, b: (1 - limit) / limit, side: 'upper' };
}

function logEvidence(mixture: BetaMixture, limit: number, { bad, n }: Sample): number {
  return n === 0 ? 0 : logMixtureEvidence(mixture, limit, bad, n - bad);
}

/** ln E for "the true share is below the limit". 0 (E = 1) without samples. */
export function logEvidenceBelow(limit: number, sample: Sample): number {
  return logEvidence(greenMixture(limit), limit, sample);
}

/** ln E for "the true share is above the limit". 0 (E = 1) without samples. */
export function logEvidenceAbove(limit: number, sample: Sample): number {
  return logEvidence(redMixture(limit), limit, sample);
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
