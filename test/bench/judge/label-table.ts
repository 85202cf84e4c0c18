import { type Cell, cellOf, looks } from './cells.ts';
import { LabelLines } from './lines.ts';
import type { Random } from './random.ts';

/** The canary's part of all sessions in the table. */
export const canaryShare = 0.05;

/** A pair of cohorts with fixed sessions per look. */
export interface Pair {
  /** Sessions of the canary in the whole window. */
  readonly canary: number;
  readonly base: number;
  readonly factor: number;
}

/** How one canary ends by the label test alone. */
export interface LabelEnd {
  /** Proven worse at any look: red acts at once, also after a green that counts only at the end. */
  readonly red: boolean;
  /** Which proof came first. */
  readonly first: 'green' | 'red' | 'amber';
}

export function endOfLabel(
  lines: LabelLines,
  { canary, base, factor }: Pair,
  random: Random,
): LabelEnd {
  let candidateBad = 0;
  let controlBad = 0;
  let before = 0;
  let first: LabelEnd['first'] = 'amber';
  for (let look = 1; look <= looks; look += 1) {
    const now = Math.floor((canary * look) / looks);
    const control = Math.round(((now - before) * (1 - canaryShare)) / canaryShare);
    candidateBad += random.binomial(now - before, base * factor);
    controlBad += random.binomial(control, base);
    before = now;
    if (lines.isWorse(candidateBad, controlBad)) {
      return { red: true, first: first === 'amber' ? 'red' : first };
    }
    if (lines.isNotTwiceAsBad(candidateBad, controlBad)) first = 'green';
  }
  return { red: false, first };
}

/** Shares of canaries: ever red, and by the first proof. */
export function endsOfLabel(lines: LabelLines, pair: Pair, runs: number, random: Random) {
  const ends = { green: 0, red: 0, amber: 0 };
  for (let run = 0; run < runs; run += 1) {
    const { red, first } = endOfLabel(lines, pair, random);
    if (red) ends.red += 1;
    if (first !== 'red') ends[first] += 1;
  }
  return { green: ends.green / runs, red: ends.red / runs, amber: ends.amber / runs };
}

/** Canary sessions, then percent: red if twice, red if four times, green and amber if the same. */
const claims = [
  [900, 25, 96, 17, 82],
  [3_000, 75, 100, 67, 31],
  [9_000, 100, 100, 98, 0.5],
] as const;

const baseRate = 0.005;

/** Every cell of the table of the label test, and its figures for CSAT. */
export function labelTable(runs: number, random: Random): readonly Cell[] {
  const lines = new LabelLines(canaryShare, Math.log(1 / 0.05));
  const errors = claims.flatMap(([canary, twice, fourTimes, green, amber]) => {
    const ends = (factor: number) =>
      endsOfLabel(lines, { canary, base: baseRate, factor }, runs, random);
    const same = ends(1);
    const name = `${canary} sessions`;
    return [
      cellOf(`${name}: red if twice`, twice / 100, ends(2).red, runs),
      cellOf(`${name}: red if four times`, fourTimes / 100, ends(4).red, runs),
      cellOf(`${name}: green if same`, green / 100, same.green, runs),
      cellOf(`${name}: amber if same`, amber / 100, same.amber, runs),
      cellOf(`${name}: red if same`, { low: 0, high: 0.017 }, same.red, runs),
    ];
  });
  const csat = ([30, 90, 150] as const).map((canary, at) => {
    const { red } = endsOfLabel(lines, { canary, base: 0.1, factor: 2 }, runs, random);
    return cellOf(
      `CSAT 90 -> 80 %, ${canary} answers: red`,
      ([12, 51, 76][at] ?? 0) / 100,
      red,
      runs,
    );
  });
  return [...errors, ...csat];
}
