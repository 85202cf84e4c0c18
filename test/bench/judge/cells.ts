import type { Random } from './random.ts';

/** Looks at one canary. */
export const looks = 30;

/** A share that was simulated beside the one that is claimed, both as parts of 1. */
export interface Cell {
  readonly name: string;
  readonly claimed: number;
  /** Set where a range is claimed; `claimed` is then what of it lies nearest to what was seen. */
  readonly range?: { readonly low: number; readonly high: number };
  readonly seen: number;
  readonly tolerance: number;
  readonly met: boolean;
}

/** How many runs stand behind the claims of the design, all of whose figures are whole percents. */
const claimedRuns = 20_000;

/**
 * How far a simulated share may lie from a claimed one: half a percent, since claims are rounded to
 * whole ones, and 3.5 standard errors of the difference of two simulations (once in 2,000 cells by
 * chance). The share is moved off 0 and 1, where a single run would count as an error of nothing.
 */
export function toleranceOf(claimed: number, runs: number): number {
  const share = Math.min(0.99, Math.max(0.01, claimed));
  const variance = share * (1 - share) * (1 / runs + 1 / claimedRuns);
  return 0.005 + 3.5 * Math.sqrt(variance);
}

/** Compares; a claim may also be a range, or an upper bound with `low` 0. */
export function cellOf(
  name: string,
  claim: number | { readonly low: number; readonly high: number },
  seen: number,
  runs: number,
): Cell {
  const { low, high } = typeof claim === 'number' ? { low: claim, high: claim } : claim;
  const claimed = Math.min(high, Math.max(low, seen));
  const tolerance = toleranceOf(claimed, runs);
  const met = Math.abs(seen - claimed) <= tolerance;
  const range = typeof claim === 'number' ? {} : { range: claim };
  return { name, claimed, ...range, seen, tolerance, met };
}

/** Upper end of the 99 % interval of a share: what a simulation leaves possible. */
export function upperBound(hits: number, runs: number): number {
  const z = 2.326;
  const share = hits / runs;
  const middle = share + (z * z) / (2 * runs);
  const half = z * Math.sqrt((share * (1 - share)) / runs + (z * z) / (4 * runs * runs));
  return (middle + half) / (1 + (z * z) / runs);
}

/** The share of runs of which something is true. */
export function shareOf(runs: number, random: Random, run: (random: Random) => boolean): number {
  let hits = 0;
  for (let at = 0; at < runs; at += 1) if (run(random)) hits += 1;
  return hits / runs;
}
