import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketQuantile,
  quantileInterval,
  quantileRanks,
  quantileWords,
  shownQuantiles,
} from '../../src/judge/quantile-interval.ts';
import { seeded } from './random.ts';

describe('order-statistic interval', () => {
  it.each([
    [0.95, 72],
    [0.99, 368],
    [0.5, 6],
  ])('of quantile %d is finite from %d samples on', (quantile, n) => {
    expect(quantileRanks(n - 1, quantile).high).toBeNull();
    expect(quantileRanks(n, quantile).high).toBe(n);
  });

  it('of the median of 100 has the published ranks 40 and 61', () => {
    expect(quantileRanks(100, 0.5)).toEqual({ low: 40, high: 61 });
  });

  it('has no bounds without samples', () => {
    expect(quantileRanks(0, 0.95)).toEqual({ low: null, high: null });
    expect(quantileInterval([], 0.95)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
  });

  it('misses the true p95 of skewed latencies in no more than 5 % of samples', () => {
    const random = seeded(5);
    const truth = -Math.log(0.05) * 100;
    const runs = 1_500;
    let missed = 0;
    for (let run = 0; run < runs; run += 1) {
      const sample = Float64Array.from({ length: 200 }, () => -Math.log(1 - random()) * 100).sort();
      const { low, high } = quantileInterval([...sample], 0.95);
      if (truth < low || truth > high) missed += 1;
    }
    expect(missed / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    expect(missed).toBeGreaterThan(0);
  });
});

const buckets = (counts: readonly number[]) =>
  [100, 300, 450, Number.POSITIVE_INFINITY].map((leMs, at) => ({ leMs, count: counts[at] ?? 0 }));

describe('quantile of a histogram', () => {
  it('lies in bucket edges around its estimate', () => {
    const { estimate, interval, n } = bucketQuantile(buckets([900, 990, 1_000, 1_000]), 0.95);
    expect({ estimate, interval, n }).toEqual({
      n: 1_000,
      estimate: { low: 100, high: 300 },
      interval: { low: 100, high: 300 },
    });
  });

  it('is open where the samples are too few, or beyond the last bound', () => {
    expect(bucketQuantile(buckets([40, 40, 40, 40]), 0.95).interval.high).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(bucketQuantile(buckets([0, 0, 0, 500]), 0.95)).toMatchObject({
      estimate: { low: 450, high: Number.POSITIVE_INFINITY },
      interval: { low: 450, high: Number.POSITIVE_INFINITY },
    });
  });

  it('always holds the interval of the samples it was made from', () => {
    const latency = fc.array(fc.double({ min: 0, max: 900, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(latency, fc.constantFrom(0.5, 0.95, 0.99), (values, quantile) => {
        const sorted = values.toSorted((x, y) => x - y);
        const known = [100, 300, 450, Number.POSITIVE_INFINITY].map((leMs) => ({
          leMs,
          count: values.filter((value) => value <= leMs).length,
        }));
        const exact = quantileInterval(sorted, quantile);
        const { interval } = bucketQuantile(known, quantile);
        expect(interval.low).toBeLessThanOrEqual(exact.low);
        expect(interval.high).toBeGreaterThanOrEqual(exact.high);
      }),
    );
  });

  it('is said in plain words', () => {
    const { p50, p99 } = shownQuantiles(buckets([60, 78, 80, 80]));
    expect(quantileWords('p50', p50)).toBe(
      'p50 0 to 100 ms, 95 % interval 0 ms to 100 ms (80 samples)',
    );
    expect(quantileWords('p99', p99)).toBe(
      'p99 300 to 450 ms, 95 % interval 100 ms to open (80 samples)',
    );
    expect(quantileWords('p95', bucketQuantile([], 0.95))).toBe('p95: no samples');
  });
});
