import { logMixtureEvidence } from './beta-mixture.ts';
import { labelMixture } from './label-test.ts';
import { formatEvidence, formatShare } from './words.ts';

/** Sessions that were put into each cohort, and the share that the flag is set to. */
export interface Assignment {
  readonly candidate: number;
  readonly control: number;
  /** The candidate's configured part of both, above 0 and below 1. */
  readonly share: number;
}

/** Whether customers were split as configured. */
export interface SplitJudgement {
  readonly mismatch: boolean;
  /** The candidate's part as measured; null before the first session. */
  readonly observed: number | null;
  readonly logEvidence: number;
  readonly logNeeded: number;
  readonly words: string;
}

/**
 * A false alarm here holds a healthy release, and a broken split is rarely a small one: so this test
 * is far stricter than a verdict's alpha.
 */
export const splitAlpha = 0.001;

function wordsOf(
  { candidate, control, share }: Assignment,
  mismatch: boolean,
  logE: number,
): string {
  const n = candidate + control;
  if (n === 0) return 'nobody was assigned yet';
  const seen = `${formatShare(candidate / n)} of ${n} sessions, configured ${formatShare(share)}`;
  return mismatch
    ? `${seen}: the split is broken (E = ${formatEvidence(logE)}), a comparison would compare different customers`
    : `${seen}: as configured`;
}

/**
 * Sample-ratio mismatch: the label test on assignment counts, two-sided. As each session falls into
 * the candidate's cohort with the configured probability, the multinomial test of Lindon & Malek
 * (NeurIPS 2022, section 2) for two arms may be looked at as often as one likes.
 */
export function judgeSplit(assignment: Assignment, alpha: number = splitAlpha): SplitJudgement {
  const { candidate, control, share } = assignment;
  const logE = logMixtureEvidence(labelMixture(share, 'both'), share, candidate, control);
  const logNeeded = Math.log(1 / alpha);
  const mismatch = logE >= logNeeded;
  const n = candidate + control;
  return {
    mismatch,
    observed: n === 0 ? null : candidate / n,
    logEvidence: logE,
    logNeeded,
    words: wordsOf(assignment, mismatch, logE),
  };
}
