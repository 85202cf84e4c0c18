import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addValues,
  empiricalBernsteinInterval,
  gammaExponentialBoundary,
  logGammaExponential,
  normalBoundary,
  normalMixtureInterval,
  normalWeight,
  noValues,
} from '../../src/judge/mean-sequence.ts';
import { shareSequence } from '../../src/judge/share-sequence.ts';
import { wilson } from '../../src/judge/wilson.ts';
import { binomial, seeded } from './random.ts';

describe('boundaries of Howard et al. 2021', () => {
  // Reference values of the authors' package confseq (its unit tests, from an implementation in R).
  it('agree with the published two-sided normal mixture', () => {
    const rho = normalWeight(100, 0.05);
    expect(rho).toBeCloseTo(12.600_56, 5);
    expect(normalBoundary(100, rho, 0.05)).toBeCloseTo(30.352_09, 5);
  });

  it('agree with the published gamma-exponential mixture', () => {
    const rho = normalWeight(100, 0.1);
    expect(logGammaExponential(10, 100, rho, 2)).toBeCloseTo(-0.249_016_5, 6);
    expect(gammaExponentialBoundary(100, rho, 2, 0.05)).toBeCloseTo(33.020_17, 5);
  });
});

const options = { alpha: 0.05, tunedFor: 200 };
const intervals = { normalMixtureInterval, empiricalBernsteinInterval };

/** Ratings of 1 to 5, seen in 30 looks; whether each interval ever missed the true mean. */
function missedMeans(random: () => number) {
  let state = noValues({ low: 1, high: 5 });
  const missed = { normalMixtureInterval: false, empiricalBernsteinInterval: false };
  for (let look = 0; look < 30; look += 1) {
    const n = 8;
    let [sum, sumOfSquares] = [0, 0];
    for (let at = 0; at < n; at += 1) {
      const value = random() < 0.8 ? 5 : 1;
      sum += value;
      sumOfSquares += value * value;
    }
    state = addValues(state, { n, sum, sumOfSquares });
    for (const name of ['normalMixtureInterval', 'empiricalBernsteinInterval'] as const) {
      const { low, high } = intervals[name](state, options);
      if (low > 4.2 || high < 4.2) missed[name] = true;
    }
  }
  return missed;
}

describe('confidence sequence of a mean', () => {
  it('is the whole range without values', () => {
    for (const interval of Object.values(intervals)) {
      expect(interval(noValues({ low: 1, high: 5 }), options)).toEqual({ low: 1, high: 5 });
    }
  });

  it('hardly ever misses, though it is looked at 30 times', () => {
    const random = seeded(2_021);
    const runs = 300;
    const missed = { normalMixtureInterval: 0, empiricalBernsteinInterval: 0 };
    for (let run = 0; run < runs; run += 1) {
      const seen = missedMeans(random);
      if (seen.normalMixtureInterval) missed.normalMixtureInterval += 1;
      if (seen.empiricalBernsteinInterval) missed.empiricalBernsteinInterval += 1;
    }
    expect(missed.normalMixtureInterval / runs).toBeLessThan(0.05);
    expect(missed.empiricalBernsteinInterval / runs).toBeLessThan(0.05);
  });

  it('is narrower by empirical Bernstein where the values hardly vary', () => {
    let state = noValues({ low: 1, high: 5 });
    for (let look = 0; look < 40; look += 1) {
      state = addValues(state, { n: 25, sum: 25 * 4, sumOfSquares: 25 * 16 });
    }
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(empiricalBernsteinInterval(state, options))).toBeLessThan(
      width(normalMixtureInterval(state, options)) / 2,
    );
  });

  it('keeps the same few numbers of any count of values, whatever their order within a look', () => {
    const looks = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(looks, (all) => {
        const add = (values: readonly number[]) => ({
          n: values.length,
          sum: values.reduce((sum, value) => sum + value, 0),
          sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
        });
        const range = { low: 1, high: 5 };
        const one = all.reduce((state, look) => addValues(state, add(look)), noValues(range));
        const two = all.reduce(
          (state, look) => addValues(state, add(look.toReversed())),
          noValues(range),
        );
        expect(two).toEqual(one);
        expect(Object.keys(one)).toEqual(['range', 'n', 'sum', 'spread']);
      }),
    );
  });
});

describe('confidence sequence of a share', () => {
  it('is everything without samples, and touches 0 and 1 where all are alike', () => {
    expect(shareSequence({ bad: 0, n: 0 })).toEqual({ low: 0, high: 1 });
    expect(shareSequence({ bad: 0, n: 50 }).low).toBe(0);
    expect(shareSequence({ bad: 50, n: 50 }).high).toBe(1);
  });

  it('holds Wilson’s interval: what is valid at every look is wider', () => {
    const count = fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.nat({ max: 5_000 }));
    fc.assert(
      fc.property(count, ([n, given]) => {
        const bad = Math.min(n, given);
        const { low, high } = shareSequence({ bad, n });
        const once = wilson({ bad, n });
        expect(low).toBeLessThanOrEqual(bad / n);
        expect(high).toBeGreaterThanOrEqual(bad / n);
        expect(high - low).toBeGreaterThan((once.high - once.low) * 0.9);
      }),
    );
  });

  it('misses in no more than alpha of canaries that are looked at 30 times', () => {
    const random = seeded(9);
    const runs = 400;
    let missed = 0;
    for (let run = 0; run < runs; run += 1) {
      let bad = 0;
      let wrong = false;
      for (let look = 1; look <= 30; look += 1) {
        bad += binomial(random, 10, 0.1);
        const { low, high } = shareSequence({ bad, n: 10 * look });
        if (low > 0.1 || high < 0.1) wrong = true;
      }
      if (wrong) missed += 1;
    }
    expect(missed / runs).toBeLessThan(0.05);
  });
});
