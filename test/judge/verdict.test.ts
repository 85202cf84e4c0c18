import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { addCounts, noCounts } from '../../src/judge/counters.ts';
import { type Slo, sloSchema } from '../../src/judge/slo.ts';
import { judge } from '../../src/judge/verdict.ts';
import { cohort, products, requests } from './counts.ts';

const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);

/** The same bands, with requests for a unit. */
const byRequest: Slo = {
  ...slo,
  metrics: slo.metrics.map((metric) =>
    'unit' in metric ? { ...metric, unit: 'request' } : metric,
  ),
};

const bandOf = (judgement: ReturnType<typeof judge>, id: string) =>
  judgement.metrics.find(({ metric }) => metric.id === id)?.band;

describe('shipped bands', () => {
  it('are the SLO sheet', () => {
    const bands = slo.metrics.map(({ id, green, red }) => [id, green, red]);
    expect(bands).toEqual([
      ['errors', 0.005, undefined],
      ['products-latency', 300, 450],
      ['csat', 0.4, undefined],
      ['order-status-latency', 400, 600],
      ['order-status-availability', 0.995, 0.99],
      ['returns-latency', 400, 650],
      ['capsule-availability', 0.995, 0.99],
      ['stylist-latency', 500, 700],
      ['csat-availability', 0.999, 0.995],
    ]);
  });
});

describe('bands schema', () => {
  const probe = { perLook: 2, body: { orderNumber: 'GG-1' } };
  const change = (edit: (raw: Slo) => unknown) => sloSchema.safeParse(edit(structuredClone(slo)));
  const metric = (index: number, given: object) =>
    change((raw) => ({
      ...raw,
      metrics: raw.metrics.map((one, at) => (at === index ? { ...one, ...given } : one)),
    }));

  it.each([
    ['an unknown key', () => metric(0, { limit: 3 })],
    ['a red line inside the green band', () => metric(1, { red: 200 })],
    ['a red availability above the green one', () => metric(4, { red: 0.999 })],
    ['a share of 1', () => metric(0, { green: 1 })],
    ['two metrics with one id', () => metric(1, { id: 'errors' })],
    ['a comparison of latencies by request', () => metric(1, { unit: 'request', compare: true })],
    ['a unit of what has its own', () => metric(0, { unit: 'session' })],
    ['a gate that aurora could prove by asking itself', () => metric(1, { probe })],
    ['a probe of what nobody can be asked', () => metric(2, { role: 'guard', probe })],
    ['a probe that is never sent', () => metric(3, { probe: { ...probe, perLook: 0 } })],
    ['no gate', () => change((raw) => ({ ...raw, metrics: raw.metrics.slice(3) }))],
  ])('refuses %s', (_, parse) => {
    expect(parse().success).toBe(false);
  });

  it('accepts itself, and a comparison of latencies by session', () => {
    expect(change((raw) => raw).success).toBe(true);
    expect(metric(1, { compare: true }).success).toBe(true);
    expect(metric(3, { probe }).success).toBe(true);
  });
});

describe('verdict', () => {
  it('is green when every gate is proven', () => {
    const judgement = judge(slo, cohort(900), cohort(9_000));
    expect(judgement.band).toBe('green');
    expect(judgement.catastrophe).toBe(false);
  });

  it('is amber without a single sample', () => {
    const judgement = judge(slo, noCounts, noCounts);
    expect(judgement.band).toBe('amber');
    expect(judgement.metrics.every(({ band }) => band === 'amber')).toBe(true);
  });

  it('is amber while one gate is not proven, and says how many clean samples are missing', () => {
    const judgement = judge(slo, cohort(600), null);
    expect(judgement.band).toBe('amber');
    expect(judgement.metrics.find(({ metric }) => metric.id === 'errors')?.toGreen).toBe(79);
    expect(bandOf(judgement, 'products-latency')).toBe('green');
  });

  it('is red when customers meet errors', () => {
    expect(judge(slo, cohort(900, { bad: 36 }), null).band).toBe('red');
  });

  it('is red when products are slow beyond the red line', () => {
    const judgement = judge(slo, cohort(900, { slow: 200 }), null);
    expect(bandOf(judgement, 'products-latency')).toBe('red');
    expect(judgement.band).toBe('red');
  });

  it('is amber when products are slower than green but not than red', () => {
    const latency = requests(450).latency.map(({ leMs, count }) => ({
      leMs,
      count: leMs < 400 ? count - 100 : count,
    }));
    const slow = [300, 450].map((overMs) => ({ overMs, n: overMs < 400 ? 100 : 0 }));
    const sessions = { n: 450, bad: 0, slow };
    const counts = {
      ...cohort(900),
      endpoints: { [products]: { requests: 450, errors: 0, latency, sessions } },
    };
    for (const bands of [slo, byRequest]) {
      const judgement = judge(bands, counts, null);
      expect(bandOf(judgement, 'products-latency')).toBe('amber');
      expect(judgement.band).toBe('amber');
    }
  });

  it('is red when most customers are unhappy', () => {
    expect(judge(slo, cohort(900, { unhappy: 120 }), null).band).toBe('red');
  });

  it('is red when the candidate is proven worse than the control, though inside its band', () => {
    const candidate = cohort(900, { unhappy: 55 });
    expect(bandOf(judge(slo, candidate, null), 'csat')).toBe('amber');
    const judgement = judge(slo, candidate, cohort(17_100));
    expect(bandOf(judgement, 'csat')).toBe('red');
    expect(judgement.band).toBe('red');
  });

  it('is not held by a guard without samples', () => {
    const judgement = judge(slo, cohort(900), null);
    expect(bandOf(judgement, 'stylist-latency')).toBe('amber');
    expect(judgement.band).toBe('green');
  });

  it('is red when a guard is proven red', () => {
    const slow = { ...noCounts, endpoints: { '/api/concierge/stylist': requests(60, 0, 60) } };
    const counts = addCounts(cohort(900), slow);
    // 650 ms lies between green and red: the guard's red line is 700 ms.
    expect(judge(slo, counts, null).band).toBe('green');
    const down = { ...noCounts, endpoints: { '/api/concierge/capsule': requests(60, 20) } };
    expect(judge(slo, addCounts(cohort(900), down), null).band).toBe('red');
  });

  it('calls half of 20 requests failing a catastrophe, and 19 not', () => {
    expect(judge(slo, cohort(40, { errors: 10 }), null)).toMatchObject({
      band: 'red',
      catastrophe: true,
    });
    expect(judge(slo, cohort(38, { errors: 19 }), null).catastrophe).toBe(false);
  });

  it('cannot be green when the histogram lacks the bucket of a bound', () => {
    const { latency, ...rest } = requests(450);
    const without = { ...rest, latency: latency.filter(({ leMs }) => leMs !== 300) };
    const judgement = judge(
      byRequest,
      { ...cohort(900), endpoints: { [products]: without } },
      null,
    );
    expect(judgement.band).toBe('amber');
    const problem = judgement.metrics.find(
      ({ metric }) => metric.id === 'products-latency',
    )?.problem;
    expect(problem).toContain('300 ms');
  });

  it('calls it broken when requests are answered but no session is counted', () => {
    const counts = { ...cohort(900), sessions: { n: 0, bad: 0 } };
    const errors = judge(slo, counts, null).metrics[0];
    expect(errors?.problem).toContain('450 requests');
  });

  it('never gets better by one more bad session', () => {
    const rank = { green: 0, amber: 1, red: 2 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 0, max: 60 }),
        (sessions, bad) => {
          fc.pre(bad < sessions);
          const one = judge(slo, cohort(sessions, { bad }), null).band;
          const more = judge(slo, cohort(sessions, { bad: bad + 1 }), null).band;
          expect(rank[more]).toBeGreaterThanOrEqual(rank[one]);
        },
      ),
    );
  });
});

describe('bands file', () => {
  it('names file and path when it is malformed', async () => {
    await expect(
      readChecklist(join(import.meta.dirname, 'fixtures'), 'broken-slo.yaml', sloSchema),
    ).rejects.toMatchObject({ code: 'PLAN_INVALID', message: expect.stringContaining('alpha') });
  });
});
