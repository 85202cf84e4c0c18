import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { addCounts, type Counts, noCounts } from '../../src/judge/counters.ts';
import { foresee } from '../../src/judge/feasibility.ts';
import { forecastWords } from '../../src/judge/feasibility-words.ts';
import type { Probes } from '../../src/judge/probes.ts';
import { progressOf } from '../../src/judge/progress.ts';
import { type Slo, sloSchema, unitOf } from '../../src/judge/slo.ts';
import { type JudgeOptions, judge } from '../../src/judge/verdict.ts';
import type { EndpointSessions } from '../../src/services/metrics/metrics.ts';
import { cohort, products, requests } from './counts.ts';

const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const status = '/api/concierge/orders/status';

/** The shipped bands with something else about one of them. */
const changed = (id: string, given: object): Slo =>
  sloSchema.parse({
    ...slo,
    metrics: slo.metrics.map((metric) => (metric.id === id ? { ...metric, ...given } : metric)),
  });

function judged(id: string, counts: Counts, options: JudgeOptions & { bands?: Slo } = {}) {
  const { bands = slo, ...rest } = options;
  const found = judge(bands, counts, null, rest).metrics.find(({ metric }) => metric.id === id);
  if (found === undefined) throw new Error(`no metric ${id}`);
  return found;
}

/** 900 sessions in all, and these at products, which made five requests each. */
function withProducts(sessions: EndpointSessions): Counts {
  const { latency } = requests(sessions.n * 5, 0, 0);
  const endpoint = { requests: sessions.n * 5, errors: sessions.bad * 5, latency, sessions };
  return { ...cohort(900), endpoints: { [products]: endpoint } };
}

const slow = (over300: number, over450: number) => [
  { overMs: 300, n: over300 },
  { overMs: 450, n: over450 },
];

describe('a metric by session', () => {
  it('counts the sessions that met a slow answer, by each line', () => {
    const found = judged('products-latency', withProducts({ n: 200, bad: 0, slow: slow(7, 3) }));
    expect(found.sample).toEqual({ green: { bad: 7, n: 200 }, red: { bad: 3, n: 200 } });
    expect(unitOf(found.metric)).toBe('sessions');
  });

  it('takes retries of one customer for one', () => {
    const bad = { n: 120, bad: 2, slow: slow(0, 0) };
    const bands = changed('capsule-availability', { endpoint: products });
    const found = judged('capsule-availability', withProducts(bad), { bands });
    expect(found).toMatchObject({ band: 'amber', sample: { green: { bad: 2, n: 120 } } });
  });

  it('is a problem where sessions are not counted, with a way out', () => {
    const { sessions, ...rest } = requests(450);
    const found = judged('products-latency', { ...cohort(900), endpoints: { [products]: rest } });
    expect(found).toMatchObject({ band: 'amber', sample: { green: { n: 0 } } });
    expect(found.problem).toBe(
      'sessions of /api/concierge/products are not counted; count them, or use `unit: request`',
    );
    const byRequest = changed('products-latency', { unit: 'request' });
    expect(
      judged(
        'products-latency',
        { ...cohort(900), endpoints: { [products]: rest } },
        {
          bands: byRequest,
        },
      ),
    ).toMatchObject({ band: 'green', problem: null });
  });

  it('is a problem where sessions are not counted by its bound', () => {
    const counts = withProducts({ n: 200, bad: 0, slow: [{ overMs: 450, n: 0 }] });
    const found = judged('products-latency', counts);
    expect(found.band).toBe('amber');
    expect(found.problem).toContain('slower than 300 ms are not counted');
  });

  it('is no problem where nobody asked', () => {
    expect(judged('products-latency', { ...cohort(900), endpoints: {} })).toMatchObject({
      problem: null,
      sample: { green: { bad: 0, n: 0 } },
    });
  });

  it('takes a session that came before the window and failed in it for one of the window', () => {
    const found = judged('products-latency', withProducts({ n: 1, bad: 0, slow: slow(3, 2) }));
    expect(found.problem).toBeNull();
    expect(found.sample).toEqual({ green: { bad: 3, n: 3 }, red: { bad: 2, n: 2 } });
  });

  it('is compared with the control when that is asked for, and by the customers alone', () => {
    const bands = changed('products-latency', { compare: true });
    const candidate = withProducts({ n: 450, bad: 0, slow: slow(14, 0) });
    const control = withProducts({ n: 8_550, bad: 0, slow: slow(4, 0) });
    const alone = judged('products-latency', candidate, { bands });
    expect(alone.band).not.toBe('red');
    const beside = judge(bands, candidate, control).metrics.find(
      ({ metric }) => metric.id === 'products-latency',
    );
    expect(beside).toMatchObject({
      band: 'red',
      comparison: { red: true, candidate: { bad: 14, n: 450 }, control: { bad: 4, n: 8_550 } },
    });
  });

  it('shares alpha with every test that can turn red, its comparison too', () => {
    const with1 = judge(changed('products-latency', { compare: true }), noCounts, noCounts);
    const without = judge(slo, noCounts, noCounts);
    const neededOf = ({ metrics }: typeof with1) => Math.exp(metrics[0]?.logRedNeeded ?? 0);
    expect(neededOf(without)).toBeCloseTo(11 / 0.05);
    expect(neededOf(with1)).toBeCloseTo(12 / 0.05);
  });
});

describe('probes', () => {
  const id = 'order-status-latency';
  const some = (n: number, bad = 0, badRed = 0): Probes => ({ [id]: { n, bad, badRed } });
  const few = addCounts(cohort(900), { ...noCounts, endpoints: { [status]: requests(5) } });

  it('prove a guard whose customers are too few', () => {
    expect(judged(id, few)).toMatchObject({ band: 'amber' });
    const found = judged(id, few, { probes: some(90) });
    expect(found).toMatchObject({ band: 'green', probes: { n: 90 } });
    expect(found.sample.green).toEqual({ bad: 0, n: 95 });
  });

  it('can condemn it as well, by its red line', () => {
    expect(judged(id, few, { probes: some(90, 40, 0) }).band).toBe('amber');
    expect(judged(id, few, { probes: some(90, 40, 40) }).band).toBe('red');
  });

  it('count where nobody came at all', () => {
    expect(judged(id, cohort(900), { probes: some(90) }).band).toBe('green');
  });

  it('say nothing in place of counters that cannot be told', () => {
    const { sessions, ...rest } = requests(50);
    const blind = { ...cohort(900), endpoints: { [status]: rest } };
    const found = judged(id, blind, { probes: some(90) });
    expect(found).toMatchObject({ band: 'amber', sample: { green: { n: 0 } } });
    expect(found.probes).toBeUndefined();
  });

  it('are unused by a metric that does not ask for them', () => {
    const probes = { errors: { n: 5_000, bad: 0, badRed: 0 } };
    expect(judged('errors', cohort(300), { probes }).sample.green.n).toBe(300);
  });

  it('are never compared with the control', () => {
    const bands = changed(id, { compare: true });
    const candidate = addCounts(cohort(900), {
      ...noCounts,
      endpoints: { [status]: requests(30) },
    });
    const control = addCounts(cohort(9_000), {
      ...noCounts,
      endpoints: { [status]: requests(600) },
    });
    const found = judge(bands, candidate, control, { probes: some(60, 2, 0) }).metrics.find(
      ({ metric }) => metric.id === id,
    );
    expect(found?.sample.green).toEqual({ bad: 2, n: 90 });
    expect(found?.comparison?.candidate).toEqual({ bad: 0, n: 30 });
  });

  it('are part of the progress', () => {
    const found = judged(id, few, { probes: some(31) });
    expect(found.toGreen).toBe(31);
    expect(progressOf(found, 600_000).earliestMs).toBeCloseTo((31 / 36) * 600_000, -1);
  });

  it('are foreseen by the looks there will be, and said apart', () => {
    const counts = addCounts(cohort(36_000), {
      ...noCounts,
      endpoints: { [status]: requests(400) },
    });
    const window = { windowMs: 1_800_000, share: 0.05, compared: true };
    const forecast = (looks?: number) => {
      const traffic = { counts, durationMs: 3_600_000 };
      const given = looks === undefined ? window : { ...window, looks };
      const found = foresee(slo, traffic, given).find(({ metric }) => metric.id === id);
      if (found === undefined) throw new Error('no forecast');
      return found;
    };
    expect(forecast()).toMatchObject({ expected: 10, probes: 0, provable: false });
    expect(forecast(30)).toMatchObject({ expected: 100, probes: 90, provable: true });
    expect(forecastWords(forecast(30))).toContain(
      "100 sessions expected (90 of them aurora's own), 67 clean ones needed: can be proven",
    );
    // Another share brings no more probes; a longer window does.
    const { needs } = forecast(15);
    expect(needs?.share).toBeCloseTo((67 - 45) / 200);
    expect(needs?.windowMs).toBeCloseTo((67 / 55) * 1_800_000, -1);
  });
});

describe('what a source does not count', () => {
  it('is said to be so, and is neither proven nor absent', () => {
    const counts: Counts = { ...cohort(900), unknown: ['endpoints', 'csat'] };
    expect(judged('products-latency', counts)).toMatchObject({
      band: 'amber',
      problem: 'this source of metrics does not count requests',
    });
    expect(judged('csat', counts).problem).toBe(
      'this source of metrics does not count CSAT answers',
    );
    expect(judged('errors', counts)).toMatchObject({ band: 'green', problem: null });
  });
});
