import { logEvidenceDrop, logEvidenceWorse } from '../../../src/judge/label-test.ts';
import type { SloMetric } from '../../../src/judge/slo.ts';
import { shareOf, upperBound } from './cells.ts';
import type { Random } from './random.ts';
import { equal, makeStream, type StreamKind } from './streams.ts';

/** How often a comparison alone is red although both are the same, at the whole of alpha 5 %. */
export interface FalseRed {
  readonly name: string;
  readonly share: number;
  readonly atMost: number;
  readonly met: boolean;
}

/** What false red may be under equality, at alpha 5 % and 30 looks. */
export const falseRedLimit = 0.022;

/**
 * Of worse, all that the simulation leaves possible must lie under the limit. Of drops the design
 * gives the same figure as what it saw (2.2 % of 20,000), which is no bound: there both must agree,
 * up to its rounding and 3.5 standard errors, and the bound is Ville's, alpha itself.
 */
function isMet(side: 'worse' | 'drop', share: number, atMost: number, runs: number): boolean {
  if (side === 'worse') return atMost <= falseRedLimit;
  const variance = falseRedLimit * (1 - falseRedLimit) * (1 / runs + 1 / 20_000);
  return atMost <= alpha && share <= falseRedLimit + 0.0005 + 3.5 * Math.sqrt(variance);
}

const alpha = 0.05;
const needed = Math.log(1 / alpha);

/** Whether the test is ever red in 30 looks, with the share of sessions as measured at each. */
function everRed(
  metric: SloMetric,
  kind: StreamKind,
  canary: number,
  rate: number,
  random: Random,
  side: 'worse' | 'drop',
): boolean {
  const total = { candidate: 0, control: 0, candidateBad: 0, controlBad: 0 };
  for (const minute of makeStream([metric], equal(kind, canary, rate), random)) {
    const [own, other] = [minute.candidate[0], minute.control[0]];
    total.candidate += own?.n ?? 0;
    total.candidateBad += own?.green ?? 0;
    total.control += other?.n ?? 0;
    total.controlBad += other?.green ?? 0;
    if (total.candidate === 0 || total.control === 0) continue;
    const share = total.candidate / (total.candidate + total.control);
    const expected = share * (total.candidateBad + total.controlBad);
    const { candidateBad, controlBad } = total;
    const red =
      side === 'worse'
        ? candidateBad > expected && logEvidenceWorse({ candidateBad, controlBad, share }) >= needed
        : candidateBad < expected &&
          logEvidenceDrop({ candidateGood: candidateBad, controlGood: controlBad, share }) >=
            needed;
    if (red) return true;
  }
  return false;
}

/** The label test and its mirror under equality. `errors` must be a metric that counts sessions. */
export function falseReds(errors: SloMetric, runs: number, random: Random): readonly FalseRed[] {
  const rows: FalseRed[] = [];
  for (const side of ['worse', 'drop'] as const) {
    for (const kind of ['steady', 'clustered', 'varying'] as const) {
      for (const canary of [900, 3_000]) {
        for (const rate of [0.005, 0.05]) {
          const share = shareOf(runs, random, (own) =>
            everRed(errors, kind, canary, rate, own, side),
          );
          const atMost = upperBound(Math.round(share * runs), runs);
          rows.push({
            name: `${side}, ${kind}, ${canary} sessions, ${rate * 100} % in both`,
            share,
            atMost,
            met: isMet(side, share, atMost, runs),
          });
        }
      }
    }
  }
  return rows;
}
