import { describe, expect, it } from 'vitest';
import { judgeSplit } from '../../src/judge/split-test.ts';
import { binomial, seeded } from './random.ts';

describe('sample-ratio mismatch', () => {
  it('says nothing before the first session', () => {
    const split = judgeSplit({ candidate: 0, control: 0, share: 0.05 });
    expect(split).toMatchObject({ mismatch: false, observed: null, logEvidence: 0 });
    expect(split.words).toBe('nobody was assigned yet');
  });

  it.each([
    [620, 9_400],
    [390, 9_600],
    [10_000, 0],
  ])('is seen on either side: %d to %d at 5 %%', (candidate, control) => {
    const split = judgeSplit({ candidate, control, share: 0.05 });
    expect(split.mismatch).toBe(true);
    expect(split.words).toContain('the split is broken');
  });

  it('is not seen where the split is as configured', () => {
    const split = judgeSplit({ candidate: 510, control: 9_490, share: 0.05 });
    expect(split).toMatchObject({ mismatch: false, observed: 0.051 });
    expect(split.words).toBe('5.1 % of 10000 sessions, configured 5 %: as configured');
  });

  it('is a false alarm in no more than alpha of canaries that are looked at 30 times', () => {
    const random = seeded(20_260_721);
    const runs = 1_000;
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      let candidate = 0;
      const looks = Array.from({ length: 30 }, (_, look) => {
        candidate += binomial(random, 400, 0.05);
        return judgeSplit({ candidate, control: 400 * (look + 1) - candidate, share: 0.05 }, 0.05);
      });
      if (looks.some(({ mismatch }) => mismatch)) alarms += 1;
    }
    expect(alarms / runs).toBeLessThan(0.05);
    expect(alarms).toBeGreaterThan(0);
  });
});
