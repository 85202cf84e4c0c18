import { logBetaTails } from './log-beta.ts';

/**
 * ln P(X >= k) for X of n with probability p each: the binomial tail as an incomplete beta function,
 * I(p; k, n - k + 1) (DLMF 8.17.5).
 */
export function logAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 0;
  if (k > n) return Number.NEGATIVE_INFINITY;
  return logBetaTails(p, k, n - k + 1).lower;
}

/** ln P(X <= k). */
export function logAtMost(k: number, n: number, p: number): number {
  if (k < 0) return Number.NEGATIVE_INFINITY;
  if (k >= n) return 0;
  return logBetaTails(p, k + 1, n - k).upper;
}

/** The smallest whole number from `low` to `high` for which `holds`, which never turns false again. */
export function firstWhere(low: number, high: number, holds: (at: number) => boolean): number {
  let below = low - 1;
  let found = high;
  while (found - below > 1) {
    const middle = Math.floor((below + found) / 2);
    if (holds(middle)) found = middle;
    else below = middle;
  }
  return found;
}
