import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { logEvidenceAbove, logEvidenceBelow } from '../../src/judge/band-test.ts';
import { foresee } from '../../src/judge/feasibility.ts';
import { forecastWords } from '../../src/judge/feasibility-words.ts';
import { chanceOfGreen, smallestFactorSeen, smallestShareSeen } from '../../src/judge/power.ts';
import { progressOf } from '../../src/judge/progress.ts';
import { sloSchema } from '../../src/judge/slo.ts';
import { fewestBadRed, fewestBadWorse, mostBadGreen } from '../../src/judge/thresholds.ts';
import { judge } from '../../src/judge/verdict.ts';
import { cohort } from './counts.ts';
import { binomial, seeded } from './random.ts';

const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const hour = 3_600_000;
const window = { windowMs: hour / 2, share: 0.05, compared: true };
const forecast = (sessions: number, given: Partial<Record<'bad' | 'slow', number>> = {}) => {
  const all = foresee(slo, { counts: cohort(sessions, given), durationMs: hour }, window);
  const of = (id: string) => {
    const found = all.find(({ metric }) => metric.id === id);
    if (found === undefined) throw new Error(`no forecast of ${id}`);
    return found;
  };
  return { errors: of('errors'), latency: of('products-latency'), stylist: of('stylist-latency') };
};

describe('thresholds', () => {
  it('are the last count that is proven, and the first', () => {
    const green = mostBadGreen(0.005, Math.log(20), 2_000);
    expect(logEvidenceBelow(0.005, { bad: green, n: 2_000 })).toBeGreaterThanOrEqual(Math.log(20));
    expect(logEvidenceBelow(0.005, { bad: green + 1, n: 2_000 })).toBeLessThan(Math.log(20));
    const red = fewestBadRed(0.005, Math.log(60), 2_000) ?? 0;
    expect(logEvidenceAbove(0.005, { bad: red, n: 2_000 })).toBeGreaterThanOrEqual(Math.log(60));
    expect(logEvidenceAbove(0.005, { bad: red - 1, n: 2_000 })).toBeLessThan(Math.log(60));
    expect(mostBadGreen(0.005, Math.log(20), 678)).toBe(-1);
    expect(mostBadGreen(0.005, Math.log(20), 679)).toBe(0);
    expect(fewestBadRed(0.4, Math.log(60), 2)).toBeNull();
    expect(fewestBadWorse(0.05, Math.log(20), 0)).toBeGreaterThan(1);
  });
});

describe('power', () => {
  it('is what a simulation of the same window finds', () => {
    const random = seeded(11);
    const runs = 4_000;
    const share = smallestShareSeen(0.005, Math.log(220), 900, 0.8) ?? 0;
    const needed = fewestBadRed(0.005, Math.log(220), 900) ?? 0;
    const factor =
      smallestFactorSeen({ candidate: 900, control: 17_100, rate: 0.005 }, Math.log(20), 0.8) ?? 0;
    let [red, worse, green] = [0, 0, 0];
    const most = mostBadGreen(0.005, Math.log(20), 900);
    for (let run = 0; run < runs; run += 1) {
      if (binomial(random, 900, share) >= needed) red += 1;
      if (binomial(random, 900, 0.001) <= most) green += 1;
      const control = binomial(random, 17_100, 0.005);
      const candidate = binomial(random, 900, 0.005 * factor);
      if (candidate >= fewestBadWorse(0.05, Math.log(20), control)) worse += 1;
    }
    const error = 4 * Math.sqrt((0.8 * 0.2) / runs);
    expect(Math.abs(red / runs - 0.8)).toBeLessThan(error);
    expect(Math.abs(worse / runs - 0.8)).toBeLessThan(error + 0.01);
    expect(Math.abs(green / runs - chanceOfGreen(0.005, Math.log(20), 900, 0.001))).toBeLessThan(
      error,
    );
  });
});

describe('what a canary can prove', () => {
  it('follows from the traffic of the last hour', () => {
    const { errors, latency, stylist } = forecast(36_000, { bad: 36 });
    expect(errors).toMatchObject({ expected: 900, cleanNeeded: 679, provable: true, rate: 0.001 });
    expect(errors.chanceOfGreen).toBeGreaterThan(0.3);
    expect(errors.chanceOfGreen).toBeLessThan(0.5);
    expect(latency).toMatchObject({ expected: 450, cleanNeeded: 67, provable: true, needs: {} });
    expect(stylist).toMatchObject({ expected: 0, provable: false, rate: null, seenShare: null });
  });

  it('says which share or duration would do, and that would then do', () => {
    const { errors } = forecast(10_000);
    expect(errors).toMatchObject({ expected: 250, provable: false });
    const { share, windowMs } = errors.needs ?? { share: null, windowMs: null };
    const again = (other: Partial<typeof window>) =>
      foresee(slo, { counts: cohort(10_000), durationMs: hour }, { ...window, ...other })[0]
        ?.provable;
    expect(share).toBeCloseTo(679 / 5_000, 3);
    expect(again({ share: (share ?? 0) + 1e-9 })).toBe(true);
    expect(again({ windowMs: windowMs ?? 0 })).toBe(true);
    expect(again({ windowMs: (windowMs ?? 0) * 0.99 })).toBe(false);
  });

  it('notices less damage the more customers come', () => {
    const few = forecast(36_000, { bad: 36 }).errors;
    const many = forecast(360_000, { bad: 360 }).errors;
    expect(few.seenMultiple).toBeGreaterThan(many.seenMultiple ?? Number.POSITIVE_INFINITY);
    expect(few.seenFactor).toBeGreaterThan(many.seenFactor ?? Number.POSITIVE_INFINITY);
  });

  it('says that nothing would do where customers are over the limit already', () => {
    const { errors } = forecast(36_000, { bad: 360 });
    expect(errors.needs).toBeNull();
    expect(forecastWords(errors)).toContain('over the limit: nothing would prove it');
  });

  it('says whether a required comparison can succeed', () => {
    const strict = sloSchema.parse({
      ...slo,
      metrics: slo.metrics.map((metric) =>
        metric.id === 'csat' ? { ...metric, nonInferiority: 'required' } : metric,
      ),
    });
    const csat = (sessions: number) => {
      const traffic = { counts: cohort(sessions), durationMs: hour };
      const found = foresee(strict, traffic, window).find(({ metric }) => metric.id === 'csat');
      return found === undefined ? '' : forecastWords(found);
    };
    expect(csat(4_000)).toContain('would not be proven less than 2 times worse');
    expect(csat(80_000)).toContain('would be proven less than 2 times worse');
  });

  it('is said in words', () => {
    expect(forecastWords(forecast(10_000).errors)).toMatch(
      /^errors: 250 sessions expected, 679 clean ones needed: cannot be proven; notices .* times the limit of 0\.5 %\); 13\.6 % of customers or 1 h 21 min would do$/,
    );
    const counts = { ...cohort(36_000), sessions: { n: 0, bad: 0 } };
    const [blind] = foresee(slo, { counts, durationMs: hour }, window);
    expect(blind && forecastWords(blind)).toContain('errors: unknown: nothing was counted');
  });
});

describe('progress', () => {
  const of = (sessions: number, bad = 0) => {
    const [errors] = judge(slo, cohort(sessions, { bad }), null).metrics;
    if (errors === undefined) throw new Error('no metric');
    return progressOf(errors, 600_000);
  };

  it('has no estimate without samples', () => {
    expect(of(0)).toMatchObject({ done: 0, cleanToGo: 679, earliestMs: null, expectedMs: null });
  });

  it('is earliest when all are clean, and expected as things have gone so far', () => {
    expect(of(600)).toMatchObject({ cleanToGo: 79, earliestMs: 79_000, expectedMs: 79_000 });
    const one = of(600, 1);
    expect(one.earliestMs).toBeGreaterThan(79_000);
    expect(one.expectedMs).toBeGreaterThan(one.earliestMs ?? 0);
    expect(of(600, 6).expectedMs).toBeNull();
  });

  it('is done when it is proven', () => {
    expect(of(900)).toMatchObject({ done: 1, logToGo: 0, earliestMs: 0, expectedMs: 0 });
  });
});
