import { type Cell, cellOf, looks, toleranceOf } from './cells.ts';
import { BandLines } from './lines.ts';
import type { Random } from './random.ts';

/** Limit, samples, and per true share of bad what the design claims: green and red in percent. */
const claims: readonly (readonly [
  number,
  number,
  readonly (readonly [number, number, number])[],
])[] = [
  [
    0.005,
    900,
    [
      [0, 100, 0],
      [0.0005, 71, 0],
      [0.001, 50, 0],
      [0.005, 3, 0],
      [0.01, 0, 16],
      [0.02, 0, 92],
      [0.04, 0, 100],
    ],
  ],
  [
    0.005,
    3_000,
    [
      [0.0005, 100, 0],
      [0.001, 95, 0],
      [0.0025, 40, 0],
      [0.005, 4, 0],
      [0.01, 0, 66],
      [0.02, 0, 100],
    ],
  ],
  [
    0.005,
    9_000,
    [
      [0.001, 100, 0],
      [0.0025, 78, 0],
      [0.005, 2, 0],
      [0.01, 0, 100],
    ],
  ],
  [
    0.05,
    100,
    [
      [0.005, 70, 0],
      [0.01, 49, 0],
      [0.05, 3, 0],
      [0.1, 0, 19],
      [0.2, 0, 97],
    ],
  ],
  [
    0.05,
    300,
    [
      [0.005, 100, 0],
      [0.01, 94, 0],
      [0.02, 59, 0],
      [0.05, 4, 0],
      [0.1, 0, 69],
      [0.2, 0, 100],
    ],
  ],
  [
    0.4,
    30,
    [
      [0.05, 99, 0],
      [0.1, 90, 0],
      [0.2, 45, 0],
      [0.4, 3, 0],
      [0.6, 0, 24],
    ],
  ],
  [
    0.4,
    150,
    [
      [0.2, 98, 0],
      [0.3, 31, 0],
      [0.4, 2, 1],
      [0.6, 0, 97],
    ],
  ],
];

/** Alpha of the table: green at all of it, red at a third. */
const alpha = 0.05;

/** Lines of both proofs for one limit. */
export interface Lines {
  readonly green: BandLines;
  readonly red: BandLines;
}

export function linesOf(limit: number): Lines {
  return {
    green: new BandLines(limit, Math.log(1 / alpha)),
    red: new BandLines(limit, Math.log(3 / alpha)),
  };
}

/** One canary of n samples in all: how it first ends. */
export function endOfBand(
  lines: Lines,
  n: number,
  truth: number,
  random: Random,
): 'green' | 'red' | 'amber' {
  let bad = 0;
  let before = 0;
  for (let look = 1; look <= looks; look += 1) {
    const now = Math.floor((n * look) / looks);
    bad += random.binomial(now - before, truth);
    before = now;
    if (lines.green.isGreen(bad, now)) return 'green';
    if (lines.red.isRed(bad, now)) return 'red';
  }
  return 'amber';
}

/** A cell in three ways: as the design claims it, computed without chance, and simulated. */
export interface BandCell extends Cell {
  readonly exact: number;
  /** Set where the design's own figure is not what its formula gives. */
  readonly disagrees: boolean;
}

/**
 * The exact chances of both ends, by carrying the distribution of bad samples from look to look.
 * `firstRed` is the number of samples from which on red is looked for.
 */
export function exactEnds(lines: Lines, n: number, truth: number, firstRed = 1) {
  let chances = new Float64Array(n + 1);
  chances[0] = 1;
  let most = 0;
  let before = 0;
  const ends = { green: 0, red: 0 };
  for (let look = 1; look <= looks; look += 1) {
    const now = Math.floor((n * look) / looks);
    chances = afterSamples(chances, most, now - before, truth);
    most = now;
    before = now;
    for (let bad = 0; bad <= now; bad += 1) {
      const chance = chances[bad] ?? 0;
      if (chance < 1e-18) continue;
      const end = lines.green.isGreen(bad, now)
        ? 'green'
        : now >= firstRed && lines.red.isRed(bad, now)
          ? 'red'
          : null;
      if (end === null) continue;
      ends[end] += chance;
      chances[bad] = 0;
    }
  }
  return ends;
}

/** The distribution after so many more samples; what is less likely than 1e-18 is left out. */
function afterSamples(
  chances: Float64Array<ArrayBuffer>,
  most: number,
  more: number,
  truth: number,
): Float64Array<ArrayBuffer> {
  const after = new Float64Array(chances.length);
  if (truth === 0) return Float64Array.from(chances);
  const added: number[] = [];
  let chance = Math.exp(more * Math.log1p(-truth));
  for (let k = 0; k <= more; k += 1) {
    added.push(chance);
    chance *= ((more - k) / (k + 1)) * (truth / (1 - truth));
  }
  for (let bad = 0; bad <= most; bad += 1) {
    const here = chances[bad] ?? 0;
    if (here < 1e-18) continue;
    for (let k = 0; k <= more && bad + k < after.length; k += 1) {
      const part = here * (added[k] ?? 0);
      if (part > 1e-20) after[bad + k] = (after[bad + k] ?? 0) + part;
    }
  }
  return after;
}

/** Every cell of the table of bands. */
export function bandTable(runs: number, random: Random): readonly BandCell[] {
  return claims.flatMap(([limit, n, rows]) => {
    const lines = linesOf(limit);
    return rows.flatMap(([truth, green, red]) => {
      const ends = { green: 0, red: 0, amber: 0 };
      for (let run = 0; run < runs; run += 1) ends[endOfBand(lines, n, truth, random)] += 1;
      const exact = exactEnds(lines, n, truth);
      const name = `limit ${limit * 100} %, n ${n}, truth ${Number((truth * 100).toFixed(2))} %`;
      return (['green', 'red'] as const).map((end) => {
        const claimed = (end === 'green' ? green : red) / 100;
        const cell = cellOf(`${name}: ${end}`, claimed, ends[end] / runs, runs);
        const sampling = toleranceOf(exact[end], runs) - 0.005;
        return {
          ...cell,
          exact: exact[end],
          disagrees:
            Math.abs(exact[end] - claimed) > toleranceOf(claimed, Number.POSITIVE_INFINITY),
          // The simulation must agree with its own exact value; the claim is compared with that.
          met: Math.abs(cell.seen - exact[end]) <= sampling,
        };
      });
    });
  });
}
