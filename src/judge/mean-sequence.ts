import { logGamma } from './log-beta.ts';
import { logGammaLower } from './log-gamma-tail.ts';
import type { Interval } from './wilson.ts';

/**
 * Confidence sequences for the mean of bounded values: intervals that all hold together, at every
 * look, with the confidence asked for (Howard, Ramdas, McAuliffe & Sekhon, "Time-uniform,
 * nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49(2), 2021).
 */

/** Bounds that no value exceeds, for instance 1 and 5 of a rating. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** All that is kept of any number of values. */
export interface MeanState {
  readonly range: Range;
  readonly n: number;
  readonly sum: number;
  /** Sum of squared distances from what was predicted before each value came: the V of theorem 4. */
  readonly spread: number;
}

/** Values since the last look, in any order. */
export interface Values {
  readonly n: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

export function noValues(range: Range): MeanState {
  return { range, n: 0, sum: 0, spread: 0 };
}

/**
 * Takes values into account. Their prediction is the mean of all values of earlier looks (with one
 * made-up value in the middle of the range): that it was known before is all the theorem asks.
 */
export function addValues(state: MeanState, { n, sum, sumOfSquares }: Values): MeanState {
  const { range } = state;
  const predicted = (state.sum + (range.low + range.high) / 2) / (state.n + 1);
  const spread = sumOfSquares - 2 * predicted * sum + n * predicted * predicted;
  return {
    range,
    n: state.n + n,
    sum: state.sum + sum,
    spread: state.spread + Math.max(0, spread),
  };
}

/** How sure, and for how many values the interval shall be narrowest. It holds for any number. */
export interface SequenceOptions {
  readonly alpha: number;
  readonly tunedFor: number;
}

/** The weight rho that makes a two-sided normal mixture narrowest at time v (paper, section 3.5). */
export function normalWeight(v: number, alpha: number): number {
  const needed = 2 * Math.log(1 / alpha);
  return v / (needed + Math.log1p(needed));
}

/** How far a sub-Gaussian sum of variance v ever strays, with probability 1 - alpha (proposition 5). */
export function normalBoundary(v: number, rho: number, alpha: number): number {
  return Math.sqrt((v + rho) * (Math.log((v + rho) / rho) + 2 * Math.log(1 / alpha)));
}

/** ln of the gamma-exponential mixture at sum s and time v, for scale c (proposition 9). */
export function logGammaExponential(s: number, v: number, rho: number, c: number): number {
  const square = c * c;
  const before = rho / square;
  const after = (v + rho) / square;
  const reached = (c * s + v) / square;
  return (
    before * Math.log(before) -
    logGamma(before) -
    logGammaLower(before, before) +
    logGamma(after) +
    logGammaLower(after, reached + before) +
    reached -
    after * Math.log(reached + before)
  );
}

/** How far a sub-exponential sum ever strays above, with probability 1 - alpha. */
export function gammaExponentialBoundary(v: number, rho: number, c: number, alpha: number): number {
  const needed = Math.log(1 / alpha);
  let high = Math.sqrt(v + rho) + c;
  while (logGammaExponential(high, v, rho, c) < needed) high *= 2;
  let low = 0;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (logGammaExponential(middle, v, rho, c) < needed) low = middle;
    else high = middle;
  }
  return high;
}

function around({ range, n, sum }: MeanState, stray: number): Interval {
  const mean = sum / n;
  return {
    low: Math.max(range.low, mean - stray / n),
    high: Math.min(range.high, mean + stray / n),
  };
}

/** From the range alone: the normal mixture with Hoeffding's variance, (high - low)^2 / 4 each. */
export function normalMixtureInterval(
  state: MeanState,
  { alpha, tunedFor }: SequenceOptions,
): Interval {
  const { low, high } = state.range;
  if (state.n === 0) return { low, high };
  const variance = (high - low) ** 2 / 4;
  const rho = normalWeight(tunedFor * variance, alpha);
  return around(state, normalBoundary(state.n * variance, rho, alpha));
}

/**
 * Empirical Bernstein (theorem 4): narrower where the values vary less than their range allows. Each
 * side may be missed with half of alpha.
 */
export function empiricalBernsteinInterval(
  state: MeanState,
  { alpha, tunedFor }: SequenceOptions,
): Interval {
  const { low, high } = state.range;
  if (state.n === 0) return { low, high };
  const scale = high - low;
  // Tuned for values that fill their range evenly; the one-sided weight is that of twice alpha.
  const rho = normalWeight((tunedFor * scale * scale) / 12, alpha);
  return around(state, gammaExponentialBoundary(state.spread, rho, scale, alpha / 2));
}
