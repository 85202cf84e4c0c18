import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { sloSchema } from '../../src/judge/slo.ts';
import { judge } from '../../src/judge/verdict.ts';
import { asCounts } from '../bench/judge/as-counts.ts';
import { bandTable } from '../bench/judge/band-table.ts';
import { rivalClaims, unitClaims } from '../bench/judge/claims.ts';
import { ComposedJudge } from '../bench/judge/composed.ts';
import { playRound, situations } from '../bench/judge/contest.ts';
import { labelTable } from '../bench/judge/label-table.ts';
import { Random } from '../bench/judge/random.ts';
import { equal, makeStream } from '../bench/judge/streams.ts';

// The short form of `npm run bench:judge`: fixed seeds, fewer canaries, wider tolerances.
const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const composed = new ComposedJudge(slo);
const kinds = ['steady', 'clustered', 'varying'] as const;

describe('the tables of the design', () => {
  it('of the band are met by the simulation and by its exact value, but for one cell', () => {
    const cells = bandTable(600, new Random(1));
    expect(cells.filter(({ met }) => !met)).toEqual([]);
    const disagreeing = cells.filter(({ disagrees }) => disagrees);
    expect(disagreeing.map(({ name }) => name)).toEqual(['limit 40 %, n 30, truth 60 %: red']);
    expect(disagreeing[0]?.exact).toBeCloseTo(0.2631, 4);
  });

  it('of the label test, of units and of other judges are met', () => {
    const cells = [
      ...labelTable(600, new Random(2)),
      ...unitClaims(600, new Random(3)),
      ...rivalClaims(slo, 300, new Random(4)),
    ];
    expect(cells.length).toBeGreaterThan(20);
    expect(cells.filter(({ met }) => !met)).toEqual([]);
  });
});

describe('the composed verdict', () => {
  it('of the simulation is that of the judge, look by look', () => {
    const random = new Random(5);
    const seen = { green: 0, amber: 0, red: 0 };
    for (const kind of kinds) {
      for (const [canary, factor] of [
        [900, 1],
        [900, 4],
        [3_000, 0.1],
        [300, 60],
      ] as const) {
        const truth = { ...equal(kind, canary, 0.005), candidateErrors: 0.005 * factor };
        const stream = makeStream(slo.metrics, truth, random);
        const bands = composed.bands(stream);
        asCounts(slo.metrics, stream).forEach(({ candidate, control }, look) => {
          const { band } = judge(slo, candidate, control);
          seen[band] += 1;
          expect(bands[look]).toBe(band);
        });
      }
    }
    expect(Math.min(seen.green, seen.amber, seen.red)).toBeGreaterThan(20);
  });

  it.each(kinds)('is hardly ever red when both are the same: %s streams', (kind) => {
    const random = new Random(6);
    for (const situation of situations(kind, 900).filter(({ healthy }) => healthy)) {
      const { falseRedAtMost, standings } = playRound(slo, composed, situation, 500, random);
      expect(falseRedAtMost).toBeLessThanOrEqual(0.022);
      expect(standings[0]?.falseGreen ?? 0).toBeLessThan(0.05);
    }
  });

  it.each(kinds)('notices four times the errors: %s streams', (kind) => {
    const fourfold = situations(kind, 3_000).filter(({ name }) => name.startsWith('errors 4x'));
    expect(fourfold).toHaveLength(1);
    for (const situation of fourfold) {
      const { standings } = playRound(slo, composed, situation, 150, new Random(7));
      expect(standings[0]).toMatchObject({ judge: 'aurora', green: 0 });
      expect(standings[0]?.red).toBeGreaterThan(0.97);
    }
  });
});

describe('the generator of the simulation', () => {
  it.each([
    [5, 0.3],
    [1_000, 0.02],
    [1_000, 0.3],
    [100_000, 0.004],
    [50, 0.7],
  ])('draws binomial numbers of %d at %d with the right mean and variance', (n, p) => {
    const random = new Random(8);
    const runs = 20_000;
    let [sum, squares] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const value = random.binomial(n, p);
      sum += value;
      squares += value * value;
    }
    const mean = sum / runs;
    const variance = n * p * (1 - p);
    expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt(variance / runs));
    expect((squares / runs - mean * mean) / variance).toBeCloseTo(1, 1);
  });
});
