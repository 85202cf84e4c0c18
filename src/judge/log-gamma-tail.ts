import { log1mExp, logGamma } from './log-beta.ts';

const precision = 1e-16;
/** Near the mean both forms need about the square root of the parameter many turns. */
const mostTurns = 1_000_000;

/** ln(x^a e^-x / gamma(a)), which both forms share. */
const logFront = (a: number, x: number) => a * Math.log(x) - x - logGamma(a);

/** The power series of the lower part (DLMF 8.7.1), left of the mean. */
function logLowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k <= mostTurns; k += 1) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * precision) return logFront(a, x) + Math.log(sum);
  }
  throw new RangeError(`the incomplete gamma function did not converge at ${a}, ${x}`);
}

/** The continued fraction of the upper part (DLMF 8.9.2), right of the mean, by Lentz's method. */
function logUpperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k <= mostTurns; k += 1) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 4 * precision) return logFront(a, x) + Math.log(fraction);
  }
  throw new RangeError(`the incomplete gamma function did not converge at ${a}, ${x}`);
}

/** ln P(a, x): the regularised lower incomplete gamma function, for a, x > 0. */
export function logGammaLower(a: number, x: number): number {
  return x < a + 1
    ? Math.min(0, logLowerSeries(a, x))
    : log1mExp(Math.min(0, logUpperFraction(a, x)));
}
