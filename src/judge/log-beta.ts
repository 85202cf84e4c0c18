/**
 * The beta function and both tails of the regularised incomplete beta function, in logarithms, so
 * that a tail of 1e-4000 at a million samples is still a number.
 */

const halfLogTwoPi = 0.918_938_533_204_672_8;

/** Coefficients of Stirling's series in 1/x, 1/x^3, 1/x^5 ...: B(2k) / (2k (2k - 1)). */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1_260,
  -1 / 1_680,
  1 / 1_188,
  -691 / 360_360,
  1 / 156,
] as const;

/** What Stirling's formula leaves out of ln gamma(x); exact to 1e-16 from x = 10 on. */
function stirlingRest(x: number): number {
  const square = 1 / (x * x);
  return stirling.reduceRight((sum, c) => sum * square + c, 0) / x;
}

/** ln gamma(x) for x > 0. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < 10; shifted += 1) product *= shifted;
  const value = (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi;
  return value + stirlingRest(shifted) - Math.log(product);
}

/**
 * ln B(a, b) for a, b > 0. Large arguments never go through ln gamma: its difference of three big
 * numbers would lose the digits that the evidence is made of.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  const sum = small + large;
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(sum);
  const rest = stirlingRest(large) - stirlingRest(sum);
  const logLargeShare = Math.log1p(-small / sum);
  if (small < 10) {
    return logGamma(small) + rest + small - small * Math.log(sum) + (large - 0.5) * logLargeShare;
  }
  return (
    halfLogTwoPi -
    0.5 * Math.log(large) +
    stirlingRest(small) +
    rest +
    (small - 0.5) * Math.log(small / sum) +
    large * logLargeShare
  );
}

/** ln(1 - exp(x)) for x <= 0, without losing small differences. */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

const tiny = 1e-300;
const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);

/**
 * The continued fraction of the incomplete beta function (Lentz's method). It converges quickly
 * left of the mean, in about the square root of the larger parameter many turns.
 */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) return fraction;
  }
  throw new RangeError(`the incomplete beta function did not converge at ${x}, ${a}, ${b}`);
}

/** ln of the lower tail, left of the mean. */
function logSmallTail(x: number, a: number, b: number): number {
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a);
  return front + Math.log(continuedFraction(x, a, b));
}

/** Logarithms of both tails of a beta distribution at x: `lower` = ln I(x; a, b). */
export interface LogTails {
  readonly lower: number;
  readonly upper: number;
}

/** Both tails of Beta(a, b) at x, 0 < x < 1. The smaller one has full relative precision. */
export function logBetaTails(x: number, a: number, b: number): LogTails {
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(0, logSmallTail(x, a, b));
    return { lower, upper: log1mExp(lower) };
  }
  const upper = Math.min(0, logSmallTail(1 - x, b, a));
  return { lower: log1mExp(upper), upper };
}
