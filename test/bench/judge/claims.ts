import type { Slo } from '../../../src/judge/slo.ts';
import { linesOf } from './band-table.ts';
import { type Cell, cellOf, looks, shareOf } from './cells.ts';
import type { BandLines } from './lines.ts';
import type { Random } from './random.ts';
import { mannWhitneyEnd, peekingEnd } from './rivals.ts';
import { equal, makeStream } from './streams.ts';

/** Whether a canary at exactly the limit is ever proven below it, counting `weight` per session. */
function falselyGreen(lines: BandLines, sessions: number, weight: number, random: Random): boolean {
  let bad = 0;
  let before = 0;
  for (let look = 1; look <= looks; look += 1) {
    const now = Math.floor((sessions * look) / looks);
    bad += random.binomial(now - before, 0.005);
    before = now;
    if (lines.isGreen(bad * weight, now * weight)) return true;
  }
  return false;
}

/** Counting requests where whole sessions fail: what the design says of 1, 2 and 5 in a session. */
export function unitClaims(runs: number, random: Random): readonly Cell[] {
  const { green } = linesOf(0.005);
  const sessions = 3_000;
  const said = [
    [1, { low: 0.03, high: 0.04 }],
    [2, 0.18],
    [5, 0.48],
  ] as const;
  return said.map(([weight, claim]) => {
    const share = shareOf(runs, random, (own) => falselyGreen(green, sessions, weight, own));
    return cellOf(`${weight} requests a session: falsely green`, claim, share, runs);
  });
}

/** What the design says of today's judges. */
export function rivalClaims(slo: Slo, runs: number, random: Random): readonly Cell[] {
  const errors = slo.metrics.filter(({ measure }) => measure === 'session-errors');
  const stream = (canary: number, factor: number, own: Random) =>
    makeStream(errors, { ...equal('steady', canary, 0.005), candidateErrors: 0.005 * factor }, own);
  const isRed = (end: { band: string }) => end.band === 'red';
  const peeking = shareOf(runs, random, (own) => isRed(peekingEnd(stream(9_000, 1, own))));
  const minutes = shareOf(runs, random, (own) =>
    Array.from({ length: looks }, () => own.binomial(100, 0.005)).some((bad) => bad > 1),
  );
  const fourfold = (canary: number) =>
    shareOf(runs, random, (own) => isRed(mannWhitneyEnd(stream(canary, 4, own))));
  return [
    cellOf('peeking z-test: alarm though the same', { low: 0.26, high: 0.29 }, peeking, runs),
    cellOf('a minute over 1 %: alarm at 0.5 %, 100 requests a minute', 0.94, minutes, runs),
    cellOf('Mann-Whitney: notices 4x at 900', 0.008, fourfold(900), runs),
    cellOf('Mann-Whitney: notices 4x at 3,000', 0.99, fourfold(3_000), runs),
  ];
}
