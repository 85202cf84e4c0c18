import type { Sample } from './band-test.ts';
import { logMixtureEvidence } from './beta-mixture.ts';
import type { Interval } from './wilson.ts';

/** Halvings of [0, 1] until a double has no more digits. */
const halvings = 60;

function boundary(inside: number, outside: number, excluded: (share: number) => boolean): number {
  let within = inside;
  let beyond = outside;
  for (let step = 0; step < halvings; step += 1) {
    const middle = (within + beyond) / 2;
    if (excluded(middle)) beyond = middle;
    else within = middle;
  }
  return beyond;
}

/**
 * A confidence sequence of a share: every share against which the evidence has not reached 1/alpha,
 * mixing over Beta(1/2, 1/2) (Robbins 1970). Unlike Wilson's interval it holds at every look, and
 * counts suffice: the order of the samples does not matter. All of [0, 1] without samples.
 */
export function shareSequence({ bad, n }: Sample, alpha = 0.05): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const needed = Math.log(1 / alpha);
  const mixture = { a: 0.5, b: 0.5, side: 'both' } as const;
  const excluded = (share: number) => logMixtureEvidence(mixture, share, bad, n - bad) >= needed;
  return {
    low: bad === 0 ? 0 : boundary(bad / n, 0, excluded),
    high: bad === n ? 1 : boundary(bad / n, 1, excluded),
  };
}
