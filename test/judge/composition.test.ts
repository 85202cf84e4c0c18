import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { composeVerdict } from '../../src/judge/composition.ts';
import { type Counts, noCounts } from '../../src/judge/counters.ts';
import { sloSchema } from '../../src/judge/slo.ts';
import { afterFailure, afterSuccess, notYetMeasured } from '../../src/judge/states.ts';
import { type JudgeOptions, judge } from '../../src/judge/verdict.ts';
import { cohort, products, requests } from './counts.ts';

const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const health = afterSuccess(notYetMeasured);

/** The same bands, with errors that must be proven not to be twice as many. */
const strict = sloSchema.parse({
  ...slo,
  metrics: slo.metrics.map((metric) =>
    metric.id === 'csat' ? { ...metric, nonInferiority: 'required' } : metric,
  ),
});

const compose = (
  counts: Counts,
  control: Counts | null,
  { bands = slo, over = false, ...options }: JudgeOptions & { bands?: typeof slo; over?: boolean },
) => composeVerdict({ judgement: judge(bands, counts, control, options), health, over });

const evenly = { assignment: { candidate: 900, control: 17_100, share: 0.05 } };
const broken = { assignment: { candidate: 900, control: 9_000, share: 0.05 } };

describe('one verdict', () => {
  it('is green when every gate is, and names the guards that could not be judged', () => {
    const verdict = compose(cohort(900), cohort(17_100), evenly);
    expect(verdict).toMatchObject({
      state: 'green',
      error: null,
      why: ['every gate is proven green'],
    });
    expect(verdict.unjudged).toContain('stylist-latency');
    expect(verdict.metrics.find(({ id }) => id === 'stylist-latency')?.why).toBe('nobody came');
  });

  it('says of each gate what is missing', () => {
    const verdict = compose(cohort(600), cohort(11_400), {});
    expect(verdict.state).toBe('collecting');
    expect(verdict.why).toEqual(['errors: not proven (E = 14 of 20), 79 clean samples to go']);
    expect(compose(cohort(600), cohort(11_400), { over: true }).state).toBe('amber');
  });

  it('is warming while a gate has too few samples', () => {
    expect(compose(cohort(40), cohort(800), {}).state).toBe('warming');
  });

  it('holds, and never goes green, without a single sample', () => {
    const verdict = compose(noCounts, noCounts, { over: true });
    expect(verdict.state).toBe('amber');
    expect(verdict.why).toContain('products-latency: nobody came');
    expect(verdict.why).toContain(
      'csat: nothing has arrived yet; it comes later than the requests',
    );
  });

  it('is red with its reason', () => {
    expect(compose(cohort(900, { bad: 36 }), null, {}).why[0]).toMatch(
      /^errors: proven over its red line \(E = .* of 180\)$/,
    );
    expect(compose(cohort(900, { unhappy: 55 }), cohort(17_100), {}).why).toEqual([
      expect.stringMatching(/^csat: proven worse than the control/),
    ]);
    expect(compose(cohort(40, { errors: 15 }), null, {}).why[0]).toBe(
      'catastrophe: 15 of 20 requests (75 %) answered with a 5xx',
    );
  });

  it('shows the error beside the state while measurements fail', () => {
    const judgement = judge(slo, cohort(900), null);
    const once = afterFailure(health, 'connection refused');
    const verdict = composeVerdict({ judgement, health: once, over: false });
    expect(verdict).toMatchObject({ state: 'collecting', error: 'connection refused' });
    expect(verdict.why[0]).toBe('not measured 1 times in a row: connection refused');
  });
});

describe('a broken split', () => {
  it('cannot be green', () => {
    const verdict = compose(cohort(900), cohort(9_000), broken);
    expect(verdict.state).toBe('collecting');
    expect(verdict.why).toEqual([expect.stringContaining('the split is broken')]);
  });

  it('makes a comparison worthless, but not a band', () => {
    const worse = cohort(900, { unhappy: 55 });
    expect(compose(worse, cohort(17_100), evenly).state).toBe('red');
    const judgement = judge(slo, worse, cohort(17_100), broken);
    expect(judgement.band).toBe('amber');
    const csat = judgement.metrics.find(({ metric }) => metric.id === 'csat');
    expect(csat?.comparison).toMatchObject({ red: false, mistrusted: true });
    expect(compose(cohort(900, { bad: 36 }), cohort(17_100), broken).state).toBe('red');
  });
});

describe('non-inferiority, where it is required', () => {
  const many = cohort(20_000);

  it('holds a metric that is within its band until it is proven', () => {
    const little = compose(cohort(900), cohort(900), { bands: strict });
    expect(little.state).toBe('collecting');
    expect(little.why[0]).toMatch(
      /^csat: within its limit, but not proven to be less than 2 times/,
    );
    expect(compose(cohort(2_000), many, { bands: strict }).state).toBe('green');
  });

  it('is not asked of a first launch, but of a control that could not be read', () => {
    expect(compose(cohort(2_000), null, { bands: strict }).state).toBe('green');
    const missing = compose(cohort(2_000), null, { bands: strict, controlMissing: true });
    expect(missing.state).toBe('collecting');
    expect(missing.why[0]).toContain('no control to compare with now');
  });
});

describe('failing requests of one session', () => {
  it('weigh as one: five retries of two customers do not condemn an endpoint', () => {
    const byRequest = {
      ...slo,
      metrics: slo.metrics.map((metric) =>
        metric.measure === 'availability' ? { ...metric, unit: 'request' as const } : metric,
      ),
    };
    const capsule = '/api/concierge/capsule';
    const counts = (sessions: number) => ({
      ...cohort(sessions),
      endpoints: { [products]: requests(450), [capsule]: requests(60, 10) },
    });
    const bandOf = (given: Counts) =>
      judge(byRequest, given, null).metrics.find(
        ({ metric }) => metric.id === 'capsule-availability',
      );
    expect(bandOf(counts(510))?.band).toBe('red');
    const shared = bandOf(counts(102));
    expect(shared).toMatchObject({ band: 'amber', sample: { perSession: 5 } });
    expect(shared?.sample.green).toEqual({ bad: 10, n: 60 });
  });
});
