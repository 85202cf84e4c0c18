import { logBeta, logBetaTails } from './log-beta.ts';

/**
 * Weights of the alternatives that a test mixes over: Beta(a, b), cut at the share that is tested so
 * that only one side is left, or `both` sides whole.
 */
export interface BetaMixture {
  readonly a: number;
  readonly b: number;
  readonly side: 'lower' | 'upper' | 'both';
}

const logKept = ({ side }: BetaMixture, at: number, a: number, b: number) =>
  side === 'both' ? 0 : logBetaTails(at, a, b)[side];

/**
 * ln E against "each one is a hit with probability `at`", after so many hits and misses: the mean of
 * the likelihood ratio over the mixture. Its expectation is 1 if that is true, at any time one
 * chooses to look (Ville 1939; Robbins 1970), so E >= 1/alpha happens with probability alpha at most.
 * Hits and misses may be fractions: then it is the evidence to be expected.
 */
export function logMixtureEvidence(
  mixture: BetaMixture,
  at: number,
  hits: number,
  misses: number,
): number {
  const { a, b } = mixture;
  const after = logKept(mixture, at, a + hits, b + misses) + logBeta(a + hits, b + misses);
  const before = logKept(mixture, at, a, b) + logBeta(a, b);
  return after - before - hits * Math.log(at) - misses * Math.log1p(-at);
}
