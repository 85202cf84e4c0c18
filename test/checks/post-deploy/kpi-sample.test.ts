import { describe, expect, it } from 'vitest';
import { effectiveSample, kpiSample } from '../../../src/checks/post-deploy/kpi-sample.ts';
import { Random } from '../../../src/judge/backtest/random.ts';
import { wilson, z95OneSided } from '../../../src/judge/wilson.ts';

describe('the sample of a KPI', () => {
  it('of sessions with one chance each is a plain share', () => {
    const sample = kpiSample([
      { n: 1, hits: 1, sessions: 300 },
      { n: 1, hits: 0, sessions: 700 },
    ]);
    expect(sample).toEqual({ hits: 300, n: 1_000, sessions: 1_000, effect: 1 });
  });

  it('of nothing is nothing', () => {
    expect(kpiSample([])).toEqual({ hits: 0, n: 0, sessions: 0, effect: 1 });
  });

  it('counts ten answers of one customer, all the same, as about one', () => {
    const sample = kpiSample([
      { n: 10, hits: 10, sessions: 30 },
      { n: 10, hits: 0, sessions: 70 },
    ]);
    expect(sample.effect).toBeCloseTo(10, 6);
    expect(effectiveSample(sample).n).toBeCloseTo(100, 6);
  });

  it('takes no credit for sessions that are more even than chance', () => {
    expect(kpiSample([{ n: 4, hits: 1, sessions: 100 }]).effect).toBe(1);
  });

  it('never has more hits than chances', () => {
    expect(kpiSample([{ n: 0, hits: 1, sessions: 5 }])).toMatchObject({ hits: 0, n: 0 });
  });

  it('keeps its one-sided promise where sessions differ, as plain counting does not', () => {
    // Half of the customers never take anything and look at five lists each; the others take all.
    const random = new Random(7);
    const truth = 0.5 / (0.5 * 1 + 0.5 * 5);
    const rounds = 2_000;
    let missed = 0;
    let missedPlain = 0;
    for (let round = 0; round < rounds; round += 1) {
      let keen = 0;
      for (let session = 0; session < 200; session += 1) keen += random.next() < 0.5 ? 1 : 0;
      const sample = kpiSample([
        { n: 1, hits: 1, sessions: keen },
        { n: 5, hits: 0, sessions: 200 - keen },
      ]);
      if (wilson(effectiveSample(sample), z95OneSided).low > truth) missed += 1;
      if (wilson({ bad: sample.hits, n: sample.n }, z95OneSided).low > truth) missedPlain += 1;
    }
    expect(missed / rounds).toBeLessThan(0.07);
    expect(missedPlain / rounds).toBeGreaterThan(0.09);
  });
});
