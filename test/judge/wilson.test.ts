import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioInterval, wilson } from '../../src/judge/wilson.ts';
import { binomial, seeded } from './random.ts';

describe('wilson interval', () => {
  it('agrees with published values', () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    const one = wilson({ bad: 81, n: 263 });
    expect(one.low).toBeCloseTo(0.2553, 4);
    expect(one.high).toBeCloseTo(0.3662, 4);
    const none = wilson({ bad: 0, n: 20 });
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.1611, 4);
  });

  it('is everything without samples', () => {
    expect(wilson({ bad: 0, n: 0 })).toEqual({ low: 0, high: 1 });
  });
});

describe('interval of a ratio', () => {
  it('holds the point estimate, and widens when the baseline is small', () => {
    const count = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(count, count, (now, before) => {
        const a = { bad: now, n: 400 };
        const small = ratioInterval(a, { bad: before, n: 400 });
        const large = ratioInterval(a, { bad: before * 10, n: 4_000 });
        const ratio = now / before;
        expect(small.low).toBeLessThanOrEqual(ratio + 1e-9);
        expect(small.high).toBeGreaterThanOrEqual(ratio - 1e-9);
        expect(large.high).toBeLessThanOrEqual(small.high + 1e-9);
      }),
    );
  });

  it('says nothing without a usable baseline', () => {
    const nothing = { low: 0, high: Number.POSITIVE_INFINITY };
    expect(ratioInterval({ bad: 3, n: 10 }, { bad: 0, n: 10 })).toEqual(nothing);
    expect(ratioInterval({ bad: 0, n: 0 }, { bad: 3, n: 10 })).toEqual(nothing);
  });

  it('proves a drop falsely in about 5 % of releases whose drop is exactly at the limit', () => {
    const random = seeded(3);
    const runs = 2_000;
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const before = { bad: binomial(random, 3_000, 0.3), n: 3_000 };
      const now = { bad: binomial(random, 2_000, 0.24), n: 2_000 };
      if (ratioInterval(now, before).high < 0.8) wrong += 1;
    }
    expect(wrong / runs).toBeGreaterThan(0.03);
    expect(wrong / runs).toBeLessThan(0.07);
  });
});
