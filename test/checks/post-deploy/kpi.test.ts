import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeKpi, type KpiRules } from '../../../src/checks/post-deploy/kpi.ts';
import { kpiResult } from '../../../src/checks/post-deploy/kpi-result.ts';

const limits = { healthyWithin: 0.1, rollbackBeyond: 0.2, minSamples: 300 } as const;
const conversion: KpiRules = { ...limits, worse: 'lower', investigate: 'always', floor: 0 };
const unhappy: KpiRules = { ...limits, worse: 'higher', investigate: 'when-proven', floor: 0.01 };

const of = (share: number, n: number) => ({
  hits: Math.round(share * n),
  n,
  sessions: n,
  effect: 1,
});
const rank = { pass: 0, inconclusive: 1, fail: 2, error: 3 };

describe('capsule conversion against its baseline', () => {
  const before = of(0.3, 3_000);
  const now = (share: number, n = 3_000) => of(share, n);

  it.each([
    ['as before', now(0.3), 'pass', 'within'],
    ['9 % lower', now(0.273), 'pass', 'within'],
    ['15 % lower', now(0.255), 'inconclusive', 'investigate'],
    ['21 % lower, which may be chance', now(0.237), 'inconclusive', 'not proven'],
    ['halved', now(0.15), 'fail', 'proven'],
    ['gone', now(0), 'fail', 'proven'],
    ['halved in few samples', now(0.15, 299), 'inconclusive', 'too few samples'],
    ['15 % higher', now(0.345), 'pass', 'unusual'],
    ['of nothing', now(0, 0), 'inconclusive', 'too few samples'],
  ])('%s', (_, share, status, note) => {
    const judged = judgeKpi(share, before, conversion);
    expect(judged.status).toBe(status);
    expect(judged.note).toContain(note);
    expect(judged.unusual).toBe(note === 'unusual');
  });

  it('proves a halving already with the minimum of samples', () => {
    expect(judgeKpi(now(0.15, 300), before, conversion).status).toBe('fail');
  });

  it('does not prove it where a few sessions made all the events', () => {
    const few = { ...now(0.15, 300), sessions: 30, effect: 12 };
    expect(judgeKpi(few, before, conversion).status).toBe('inconclusive');
  });

  it('shows both sides, the change and its bounds', () => {
    const result = kpiResult({ id: 'k', title: 'K' }, now(0.15), before, conversion);
    expect(result.observed).toMatch(
      /^450 of 3000 \(15 %\), -50\.0 % \(-5\d\.\d % to -4\d\.\d %\): /,
    );
    expect(result.expected).toContain('baseline 30 %');
    expect(result.n).toBe(3_000);
  });

  it('keeps an endless bound out of the evidence, which is JSON', () => {
    const { evidence } = kpiResult({ id: 'k', title: 'K' }, now(0, 0), before, conversion);
    expect(evidence).toMatchObject({ change: null, low: -1, high: null });
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});

describe('negative answers against their baseline', () => {
  const before = of(0.1, 6_000);

  it.each([
    ['as before', of(0.1, 1_500), 'pass', 'within'],
    ['15 % more, which is chance', of(0.115, 1_000), 'pass', 'within chance'],
    ['15 % more, proven to be more', of(0.115, 6_000), 'inconclusive', 'investigate'],
    ['30 % more, which may be chance', of(0.13, 600), 'inconclusive', 'not proven'],
    ['30 % more of so many that it is proven', of(0.13, 20_000), 'fail', 'proven'],
    ['doubled', of(0.2, 600), 'fail', 'proven'],
    ['halved', of(0.05, 1_500), 'pass', 'unusual'],
    ['15 % fewer, which is chance', of(0.085, 600), 'pass', 'better, within chance'],
    ['doubled in few answers', of(0.2, 299), 'inconclusive', 'too few samples'],
  ])('%s', (_, share, status, note) => {
    const judged = judgeKpi(share, before, unhappy);
    expect([judged.status, judged.note]).toEqual([status, expect.stringContaining(note)]);
  });

  it('counts the uncertainty of the baseline too', () => {
    const now = of(0.13, 20_000);
    expect(judgeKpi(now, of(0.1, 600), unhappy).status).toBe('inconclusive');
    expect(judgeKpi(now, of(0.1, 600_000), unhappy).status).toBe('fail');
  });

  it('says how far chance reaches', () => {
    const result = kpiResult({ id: 'k', title: 'K' }, of(0.115, 1_000), before, unhappy);
    expect(result.observed).toMatch(
      /^115 of 1000 \(11\.5 %\), \+15\.0 % \(-\d\.\d % to \+3\d\.\d %\): within chance$/,
    );
  });

  it('does not make much of a small share: from 1 % to 1.3 % is no change', () => {
    const rare = of(0.01, 20_000);
    expect(judgeKpi(of(0.013, 20_000), rare, unhappy)).toMatchObject({
      status: 'pass',
      note: 'moved by less than 1 % of all',
    });
    expect(judgeKpi(of(0.025, 20_000), rare, unhappy).status).toBe('fail');
  });

  it('holds when there were none before and now there are many', () => {
    const none = of(0, 600);
    expect(judgeKpi(of(0.005, 1_000), none, unhappy).status).toBe('pass');
    expect(judgeKpi(of(0.05, 1_000), none, unhappy).status).toBe('inconclusive');
    expect(judgeKpi(of(0.05, 1_000), of(0, 0), unhappy).status).toBe('inconclusive');
  });
});

describe('any KPI', () => {
  it.each([
    ['conversion', conversion, of(0.3, 3_000), -1],
    ['negative answers', unhappy, of(0.1, 3_000), 1],
  ] as const)('of %s never gets better by one worse outcome', (_, rules, before, worse) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        (n, share, effect) => {
          const hits = Math.round(n * share);
          fc.pre(hits + worse >= 0 && hits + worse <= n);
          const sample = { n, hits, sessions: n, effect };
          const one = judgeKpi(sample, before, rules);
          const next = judgeKpi({ ...sample, hits: hits + worse }, before, rules);
          expect(rank[next.status]).toBeGreaterThanOrEqual(rank[one.status]);
        },
      ),
    );
  });
});
