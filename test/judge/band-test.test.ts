import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanSamplesToGreen,
  logEvidenceAbove,
  logEvidenceBelow,
} from '../../src/judge/band-test.ts';

const limit = fc.constantFrom(0.001, 0.005, 0.05, 0.4);
const sample = fc
  .tuple(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, share]) => ({ n, bad: Math.floor(n * share * share * share) }));

describe('evidence of a band', () => {
  it('is 1 without samples: nothing is never green', () => {
    expect(logEvidenceBelow(0.005, { bad: 0, n: 0 })).toBe(0);
    expect(logEvidenceAbove(0.005, { bad: 0, n: 0 })).toBe(0);
  });

  it('for green never rises with one more bad sample, for red never falls', () => {
    fc.assert(
      fc.property(limit, sample, (at, { bad, n }) => {
        fc.pre(bad < n);
        const more = { bad: bad + 1, n };
        expect(logEvidenceBelow(at, more)).toBeLessThanOrEqual(logEvidenceBelow(at, { bad, n }));
        expect(logEvidenceAbove(at, more)).toBeGreaterThanOrEqual(logEvidenceAbove(at, { bad, n }));
      }),
    );
  });

  it('for green grows with one more clean sample', () => {
    fc.assert(
      fc.property(limit, sample, (at, { bad, n }) => {
        expect(logEvidenceBelow(at, { bad, n: n + 1 })).toBeGreaterThan(
          logEvidenceBelow(at, { bad, n }),
        );
      }),
    );
  });

  it('is never for green and for red at once', () => {
    fc.assert(
      fc.property(limit, sample, (at, seen) => {
        const both = Math.min(logEvidenceBelow(at, seen), logEvidenceAbove(at, seen));
        expect(both).toBeLessThan(Math.log(20));
      }),
    );
  });

  it('has an expectation of exactly 1 at the limit, so that looking often is safe', () => {
    const n = 60;
    const at = 0.05;
    let below = 0;
    let above = 0;
    for (let bad = 0, log = n * Math.log1p(-at); bad <= n; bad += 1) {
      below += Math.exp(log + logEvidenceBelow(at, { bad, n }));
      above += Math.exp(log + logEvidenceAbove(at, { bad, n }));
      log += Math.log(((n - bad) / (bad + 1)) * (at / (1 - at)));
    }
    expect(below).toBeCloseTo(1, 9);
    expect(above).toBeCloseTo(1, 9);
  });

  it('stays finite at a million samples', () => {
    expect(logEvidenceBelow(0.005, { bad: 0, n: 1e6 })).toBeGreaterThan(4_000);
    expect(logEvidenceAbove(0.005, { bad: 1e6, n: 1e6 })).toBeGreaterThan(5e6);
    const hopeless = logEvidenceBelow(0.005, { bad: 1e6, n: 1e6 });
    expect(hopeless).toBeLessThan(-10);
    expect(Number.isFinite(hopeless)).toBe(true);
  });
});

describe('clean samples to green', () => {
  it('are about 680 at 0.5 % and 67 at 5 %', () => {
    expect(cleanSamplesToGreen(0.005, 0.05, { bad: 0, n: 0 })).toBe(679);
    expect(cleanSamplesToGreen(0.05, 0.05, { bad: 0, n: 0 })).toBe(67);
  });

  it('are exactly as many as it takes', () => {
    fc.assert(
      fc.property(limit, sample, (at, { bad, n }) => {
        fc.pre(bad < 50);
        const more = cleanSamplesToGreen(at, 0.05, { bad, n });
        fc.pre(more !== null && more > 0);
        const evidence = (extra: number) => logEvidenceBelow(at, { bad, n: n + extra });
        expect(evidence(more ?? 0)).toBeGreaterThanOrEqual(Math.log(20));
        expect(evidence((more ?? 0) - 1)).toBeLessThan(Math.log(20));
      }),
    );
  });

  it('are none when it is proven, and unsaid when ten million would not do', () => {
    expect(cleanSamplesToGreen(0.4, 0.05, { bad: 0, n: 100 })).toBe(0);
    expect(cleanSamplesToGreen(0.001, 0.05, { bad: 50_000, n: 50_000 })).toBeNull();
  });
});
