import { bdtr, bdtrc, compiled, igam, incbet, lgam } from 'cephes';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { logEvidenceAbove, logEvidenceBelow } from '../../src/judge/band-test.ts';
import { logMixtureEvidence } from '../../src/judge/beta-mixture.ts';
import { logAtLeast, logAtMost } from '../../src/judge/binomial.ts';
import {
  logEvidenceDrop,
  logEvidenceNotWorseThan,
  logEvidenceWorse,
} from '../../src/judge/label-test.ts';
import { logBetaTails, logGamma } from '../../src/judge/log-beta.ts';
import { logGammaLower } from '../../src/judge/log-gamma-tail.ts';

// Cephes (C, compiled to WebAssembly) computes in plain doubles, with other methods than ours.
beforeAll(() => compiled);

const parameter = fc.double({ min: 0.2, max: 3_000, noNaN: true });
/** Theirs refuses tails that a plain double cannot hold. */
const moderate = fc.double({ min: 0.2, max: 200, noNaN: true });
const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('numerics agree with an independent implementation', () => {
  it('in both tails of the incomplete beta function', () => {
    fc.assert(
      fc.property(inside, parameter, parameter, (x, a, b) => {
        const { lower, upper } = logBetaTails(x, a, b);
        fc.pre(lower > -500 && upper > -14);
        const theirs = incbet(a, b, x);
        expect(Math.abs(lower - Math.log(theirs))).toBeLessThan(1e-9);
        expect(Math.abs(upper - Math.log1p(-theirs))).toBeLessThan(1e-9);
      }),
      { numRuns: 400 },
    );
  });

  it('in the binomial distribution', () => {
    const trials = fc.tuple(fc.integer({ min: 2, max: 2_000 }), fc.nat({ max: 1_999 }));
    fc.assert(
      fc.property(trials, inside, ([n, k], p) => {
        fc.pre(k < n);
        expect(Math.exp(logAtMost(k, n, p))).toBeCloseTo(bdtr(k, n, p), 9);
        expect(Math.exp(logAtLeast(k + 1, n, p))).toBeCloseTo(bdtrc(k, n, p), 9);
      }),
    );
  });

  it('in the gamma function and the lower incomplete one', () => {
    fc.assert(
      fc.property(moderate, fc.double({ min: 0.05, max: 3, noNaN: true }), (a, times) => {
        expect(logGamma(a)).toBeCloseTo(lgam(a), 8);
        const ours = logGammaLower(a, a * times);
        fc.pre(ours > -500);
        expect(Math.abs(ours - Math.log(igam(a, a * times)))).toBeLessThan(1e-9);
      }),
    );
  });
});

// From fifty digits of mpmath 1.3, straight from the formulas of the paper and the design.
describe('evidence equals the formula in fifty digits', () => {
  it.each([
    [0.005, 0, 679, 2.999_186_707_677_1, -1.484_341_768_910_62],
    [0.005, 0, 678, 2.994_595_524_977_63, -1.483_202_167_647_69],
    [0.005, 3, 3_000, 6.118_726_983_469_45, -2.584_554_560_743_77],
    [0.05, 0, 67, 3.031_582_301_414_2, -1.509_908_317_087_07],
    [0.4, 10, 60, 5.878_416_855_427_74, -3.216_038_285_569_9],
    [0.005, 40, 9_000, -3.121_667_324_429_58, -2.212_727_956_906_47],
  ])('of a band at %d with %d bad of %d', (limit, bad, n, below, above) => {
    expect(logEvidenceBelow(limit, { bad, n })).toBeCloseTo(below, 11);
    expect(logEvidenceAbove(limit, { bad, n })).toBeCloseTo(above, 11);
  });

  it.each([
    [0.05, 5, 10, 3.500_724_082_126_75, -1.569_833_864_508_45, -2.065_856_763_705_06],
    [0.05, 30, 285, 4.358_274_784_562_36, -1.563_681_737_909_18, -3.272_905_401_460_06],
    [0.2, 0, 30, -1.527_736_612_266_19, 5.778_727_983_137_48, 3.293_535_394_973_22],
    [0.05, 12, 90, 2.786_451_642_925_73, -1.551_471_567_830_01, -2.573_389_009_500_78],
  ])('of a comparison at share %d with %d against %d', (share, c, d, worse, notTwice, drop) => {
    const sample = { candidateBad: c, controlBad: d, share };
    expect(logEvidenceWorse(sample)).toBeCloseTo(worse, 11);
    expect(logEvidenceNotWorseThan(2, sample)).toBeCloseTo(notTwice, 11);
    const good = { candidateGood: c, controlGood: d, share };
    expect(logEvidenceDrop(good)).toBeCloseTo(drop, 11);
  });

  it('of both sides at once', () => {
    const mixture = { a: 1, b: 19, side: 'both' } as const;
    expect(logMixtureEvidence(mixture, 0.05, 5, 10)).toBeCloseTo(2.532_440_628_577_8, 11);
    expect(logMixtureEvidence(mixture, 0.05, 30, 285)).toBeCloseTo(3.384_502_282_934_93, 11);
  });

  it.each([
    [0.5, 0.1, -1.063_402_047_154_53],
    [3.95, 3.95, -0.567_485_142_458_232],
    [30, 10, -15.197_832_339_626],
    [30, 60, -6.87628861035043e-6],
    [28.95, 20, -3.349_722_893_682_51],
    [5_000, 4_700, -11.787_748_587_643_5],
    [5_000, 5_300, -1.55452366120821e-5],
  ])('of the incomplete gamma function at %d, %d', (a, x, expected) => {
    expect(Math.abs(logGammaLower(a, x) / expected - 1)).toBeLessThan(1e-9);
  });
});
