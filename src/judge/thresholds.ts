import { logEvidenceAbove, logEvidenceBelow } from './band-test.ts';
import { firstWhere } from './binomial.ts';
import { logEvidenceNotWorseThan, logEvidenceWorse } from './label-test.ts';

/**
 * The evidence never falls, or never rises, with one more bad sample: so for a given n each proof is
 * one whole number, and simulations and forecasts compare counts instead of computing evidence.
 */

/** The most bad of n that are still proven below the limit; -1 when not even none is. */
export function mostBadGreen(limit: number, logNeeded: number, n: number): number {
  const tooMany = firstWhere(0, Math.ceil(limit * n) + 1, (bad) => {
    return bad > n || logEvidenceBelow(limit, { bad, n }) < logNeeded;
  });
  return tooMany - 1;
}

/** The fewest bad of n that are proven above the limit; null when not even all are. */
export function fewestBadRed(limit: number, logNeeded: number, n: number): number | null {
  const fewest = firstWhere(0, n + 1, (bad) => logEvidenceAbove(limit, { bad, n }) >= logNeeded);
  return fewest > n ? null : fewest;
}

/** More of the candidate's than any canary has. */
const mostBad = 1_000_000;

/** The fewest bad of the candidate, beside so many of the control, that are proven worse. */
export function fewestBadWorse(share: number, logNeeded: number, controlBad: number): number {
  return firstWhere(0, mostBad, (candidateBad) => {
    return logEvidenceWorse({ candidateBad, controlBad, share }) >= logNeeded;
  });
}

/** The most bad of the candidate that are proven not `factor` times worse; -1 when none are. */
export function mostBadNotWorse(
  factor: number,
  share: number,
  logNeeded: number,
  controlBad: number,
): number {
  const tooMany = firstWhere(0, mostBad, (candidateBad) => {
    const sample = { candidateBad, controlBad, share };
    return logEvidenceNotWorseThan(factor, sample) < logNeeded;
  });
  return tooMany - 1;
}
