import type { Sample } from './band-test.ts';

/** An interval of shares. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantiles for the confidences in use. */
export const z95TwoSided = 1.959_963_984_540_054;
export const z95OneSided = 1.644_853_626_951_473;

/** Wilson's score interval of a share; the whole of [0, 1] without samples. */
export function wilson({ bad, n }: Sample, z: number = z95TwoSided): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const share = bad / n;
  const square = z * z;
  const middle = (share + square / (2 * n)) / (1 + square / n);
  const half = (z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  return {
    low: bad === 0 ? 0 : Math.max(0, middle - half),
    high: bad === n ? 1 : Math.min(1, middle + half),
  };
}

/**
 * Interval of the ratio of two independent shares, `now` over `before`, from the Wilson interval of
 * each (the method of variance estimates recovery). Used one-sided: with z95OneSided each bound
 * holds with 95 %. Without a usable `before` it says nothing: 0 to infinity.
 */
export function ratioInterval(now: Sample, before: Sample, z: number = z95OneSided): Interval {
  if (now.n === 0 || before.n === 0 || before.bad === 0) {
    return { low: 0, high: Number.POSITIVE_INFINITY };
  }
  const p = now.bad / now.n;
  const q = before.bad / before.n;
  const one = wilson(now, z);
  const two = wilson(before, z);
  const root = (l: number, u: number) =>
    Math.sqrt(Math.max(0, (p * q) ** 2 - l * u * (2 * p - l) * (2 * q - u)));
  return {
    // The same root in the form that stays finite when the second interval is wide.
    low: p === 0 ? 0 : (one.low * (2 * p - one.low)) / (p * q + root(one.low, two.high)),
    high: (p * q + root(one.high, two.low)) / (two.low * (2 * q - two.low)),
  };
}
