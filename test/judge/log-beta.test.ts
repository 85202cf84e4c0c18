import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log1mExp, logBeta, logBetaTails, logGamma } from '../../src/judge/log-beta.ts';

/** ln of a positive rational of any size. */
function logRatio(numerator: bigint, denominator: bigint): number {
  const scale = 10n ** 400n;
  const text = ((numerator * scale) / denominator).toString();
  return Math.log(Number(`0.${text.slice(0, 20)}`)) + (text.length - 400) * Math.LN10;
}

function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1; i <= k; i += 1) value = (value * BigInt(n - k + i)) / BigInt(i);
  return value;
}

/** The lower tail for whole parameters as an exact fraction: a binomial sum at x = num / den. */
function exactLower(num: number, den: number, a: number, b: number): [bigint, bigint] {
  const n = a + b - 1;
  let sum = 0n;
  for (let j = a; j <= n; j += 1) {
    sum += choose(n, j) * BigInt(num) ** BigInt(j) * BigInt(den - num) ** BigInt(n - j);
  }
  return [sum, BigInt(den) ** BigInt(n)];
}

describe('ln gamma', () => {
  it.each([
    [0.5, 0.572_364_942_924_700_1],
    [1, 0],
    [2.5, 0.284_682_870_472_919_2],
    [9.99, 12.779_315_214_350_195],
    [10, 12.801_827_480_081_469],
    [1_000, 5_905.220_423_209_181],
    [1e6, 12_815_504.569_147_611],
  ])('of %d agrees with published values', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-13 * Math.max(1, expected));
  });
});

describe('ln beta', () => {
  it.each([
    [0.5, 499.5, -2.534_188_605_910_913],
    [0.001, 5, 6.905_672_657_062_074],
    [1e6, 1e6, -1_386_300.003_362_921],
    [30, 680_000, -331.639_043_044_032_6],
    [12.25, 1e6, -151.124_403_735_331_6],
    [3, 4, -Math.log(60)],
  ])('of %d and %d agrees with independent values', (a, b, expected) => {
    expect(Math.abs(logBeta(a, b) - expected)).toBeLessThan(1e-13 * Math.max(1, -expected));
    expect(logBeta(b, a)).toBe(logBeta(a, b));
  });

  it('keeps the recurrence B(a + 1, b) = B(a, b) a / (a + b) at any size', () => {
    const size = fc.double({ min: 0.05, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const step = logBeta(a + 1, b) - logBeta(a, b) - Math.log(a / (a + b));
        expect(Math.abs(step)).toBeLessThan(1e-9 + 1e-13 * Math.abs(logBeta(a, b)));
      }),
    );
  });
});

describe('tails of the incomplete beta function', () => {
  it.each([
    [1, 200, 1, 700],
    [1, 200, 5, 300],
    [1, 200, 30, 200],
    [3, 10, 2, 60],
    [1, 2, 7, 7],
    [1, 20, 90, 3],
    [2, 5, 40, 61],
  ])('at %d/%d for (%d, %d) equal the exact binomial sum', (num, den, a, b) => {
    const [part, whole] = exactLower(num, den, a, b);
    const { lower, upper } = logBetaTails(num / den, a, b);
    expect(Math.abs(lower - logRatio(part, whole))).toBeLessThan(1e-11);
    expect(Math.abs(upper - logRatio(whole - part, whole))).toBeLessThan(1e-11);
  });

  it.each([
    [0.005, 0.5, 499.5, -0.025_598_712_108_141_52, -3.677_985_289_321_782],
    [0.005, 3.5, 1_200.5, -0.104_253_576_917_796_7, -2.312_603_070_386_778],
    [0.4, 12.5, 40, -0.005_866_977_642_552_89, -5.141_347_714_353_219],
    [0.3, 2, 900, 0, -315.405_330_723_979_4],
    [0.05, 400, 3, -1_187.097_967_173_454, 0],
  ])('at %d for (%d, %d) agree with independent values', (x, a, b, lower, upper) => {
    const tails = logBetaTails(x, a, b);
    expect(Math.abs(tails.lower - lower)).toBeLessThan(1e-12 * Math.max(1, -lower));
    expect(Math.abs(tails.upper - upper)).toBeLessThan(1e-12 * Math.max(1, -upper));
  });

  it('mirror each other', () => {
    const x = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const size = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(x, size, size, (at, a, b) => {
        const here = logBetaTails(at, a, b);
        const mirrored = logBetaTails(1 - at, b, a);
        // 1 - x itself is rounded, which matters in proportion to the size.
        const tolerance = 1e-9 + 1e-11 * Math.abs(here.lower);
        expect(Math.abs(here.lower - mirrored.upper)).toBeLessThan(tolerance);
        expect(Math.exp(here.lower) + Math.exp(here.upper)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('are still numbers where the probability itself is none', () => {
    const { lower } = logBetaTails(0.005, 20_000, 980_000);
    expect(lower).toBeLessThan(-10_000);
    expect(Number.isFinite(lower)).toBe(true);
    // The large-deviation rate n KL(2 % || 0.5 %), up to a term in ln n.
    const rate = 1e6 * (0.02 * Math.log(0.02 / 0.005) + 0.98 * Math.log(0.98 / 0.995));
    expect(Math.abs(lower + rate)).toBeLessThan(20);
  });
});

describe('ln(1 - exp(x))', () => {
  it('loses no digits at either end', () => {
    expect(log1mExp(-1e-20)).toBeCloseTo(Math.log(1e-20), 10);
    expect(log1mExp(-50)).toBeCloseTo(-Math.exp(-50), 30);
  });
});
