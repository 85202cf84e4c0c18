import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeKpi, kpiResult } from '../../../src/checks/post-deploy/kpi.ts';

const rules = { healthyWithin: 0.1, rollbackBeyond: 0.2, minSamples: 300 };
const before = { good: 900, n: 3_000 };
const now = (share: number, n = 3_000) => ({ good: Math.round(share * n), n });

describe('kpi against its baseline', () => {
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
    const judged = judgeKpi(share, before, rules);
    expect(judged.status).toBe(status);
    expect(judged.note).toContain(note);
  });

  it('proves a halving already with the minimum of samples', () => {
    expect(judgeKpi(now(0.15, 300), before, rules).status).toBe('fail');
  });

  it('never gets better when fewer customers convert', () => {
    const rank = { pass: 0, inconclusive: 1, fail: 2, error: 3 };
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 5_000 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (n, share) => {
          const good = Math.floor(n * share);
          fc.pre(good > 0);
          const one = judgeKpi({ good, n }, before, rules);
          const fewer = judgeKpi({ good: good - 1, n }, before, rules);
          expect(rank[fewer.status]).toBeGreaterThanOrEqual(rank[one.status]);
        },
      ),
    );
  });

  it('shows both sides, the change and its bounds', () => {
    const result = kpiResult({ id: 'k', title: 'K' }, now(0.15), before, rules);
    expect(result.observed).toMatch(
      /^450 of 3000 \(15 %\), -50\.0 % \(-5\d\.\d % to -4\d\.\d %\): /,
    );
    expect(result.expected).toContain('baseline 30 %');
    expect(result.n).toBe(3_000);
  });
});
