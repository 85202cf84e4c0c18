import { describe, expect, it } from 'vitest';
import { logEvidenceNotWorseThan, logEvidenceWorse } from '../../src/judge/label-test.ts';
import { binomial, seeded } from './random.ts';

describe('label test', () => {
  it('says nothing while nobody fails on either side', () => {
    expect(logEvidenceWorse({ candidateBad: 0, controlBad: 0, share: 0.05 })).toBe(0);
  });

  it('has an expectation of exactly 1 when both are equally bad', () => {
    const share = 0.05;
    const n = 40;
    let sum = 0;
    for (let c = 0, log = n * Math.log1p(-share); c <= n; c += 1) {
      sum += Math.exp(log + logEvidenceWorse({ candidateBad: c, controlBad: n - c, share }));
      log += Math.log(((n - c) / (c + 1)) * (share / (1 - share)));
    }
    expect(sum).toBeCloseTo(1, 9);
  });

  it('rules out twice as bad once enough failed on the control alone', () => {
    const evidence = (controlBad: number) =>
      logEvidenceNotWorseThan(2, { candidateBad: 0, controlBad, share: 0.2 });
    expect(evidence(30)).toBeGreaterThan(evidence(10));
    expect(evidence(30)).toBeGreaterThan(Math.log(20));
  });

  it.each([
    [1, 0, 0.03],
    [4, 0.93, 1],
  ])('with the candidate %d times as bad ends red within its bounds', (factor, least, most) => {
    const random = seeded(7);
    const runs = 600;
    let red = 0;
    for (let run = 0; run < runs; run += 1) {
      let candidateBad = 0;
      let controlBad = 0;
      for (let look = 0; look < 30; look += 1) {
        candidateBad += binomial(random, 30, 0.005 * factor);
        controlBad += binomial(random, 570, 0.005);
        if (logEvidenceWorse({ candidateBad, controlBad, share: 0.05 }) >= Math.log(20)) {
          red += 1;
          break;
        }
      }
    }
    expect(red / runs).toBeGreaterThanOrEqual(least);
    expect(red / runs).toBeLessThanOrEqual(most);
  });
});
