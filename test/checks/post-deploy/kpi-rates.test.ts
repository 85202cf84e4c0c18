import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/base/package-root.ts';
import { readChecklist } from '../../../src/checks/checklist.ts';
import { judgeKpi } from '../../../src/checks/post-deploy/kpi.ts';
import { postDeploySchema } from '../../../src/checks/post-deploy/list.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { Random } from '../../../src/judge/backtest/random.ts';

const { kpis } = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);
const rounds = 3_000;
/** Four standard errors of a share of 3,000 rounds, in points, and the rounding of the table. */
const leeway = 3.7;

const sample = (hits: number, n: number) => ({ hits, n, sessions: n, effect: 1 });

/** Simulated releases, in per cent: passes, holds, rolls back. */
function rates(baseline: number, answers: number, share: number): readonly number[] {
  const random = new Random(baseline + answers);
  const rules = { ...kpis.negativeCsat, ...kpis };
  const count = { pass: 0, inconclusive: 0, fail: 0, error: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const before = sample(random.binomial(baseline, 0.1), baseline);
    const now = sample(random.binomial(answers, share), answers);
    count[judgeKpi(now, before, rules).status] += 1;
  }
  return [count.pass, count.inconclusive, count.fail].map((times) => (100 * times) / rounds);
}

/** The rows of the table in docs/kpis.md: baseline, answers, three cells of three rates. */
const rows = readFileSync(join(packageRoot(), 'docs', 'kpis.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, baseline, answers, ...cells] =
      /^\| (\d+) answers \| (\d+) \| (.*) \| (.*) \| (.*) \|$/.exec(line) ?? [];
    if (baseline === undefined) return [];
    const shares = cells.map((cell) => cell.split(' / ').map(Number));
    return [{ baseline: Number(baseline), answers: Number(answers), shares }];
  });

describe('the table of docs/kpis.md', () => {
  it('has a row for each size', () => {
    expect(rows).toHaveLength(6);
  });

  it.each(rows)('is what happens: baseline $baseline, $answers answers', (row) => {
    const found = [0.1, 0.15, 0.2].map((share) => rates(row.baseline, row.answers, share));
    for (const [index, cell] of row.shares.entries()) {
      for (const [place, told] of cell.entries()) {
        expect(Math.abs((found[index]?.[place] ?? Number.NaN) - told)).toBeLessThan(leeway);
      }
    }
  });
});

describe('step 9 of a rehearsal, against the week that ships', () => {
  const conversion = { ...kpis.capsuleConversion, ...kpis };
  const unhappy = { ...kpis.negativeCsat, ...kpis };

  /** How often, of a thousand releases, each KPI's verdict is this one. */
  function times(status: string, capsules: number, answers = 0.1): readonly [number, number] {
    const random = new Random(9);
    const rules = [conversion, unhappy] as const;
    const found: [number, number] = [0, 0];
    for (let round = 0; round < 1_000; round += 1) {
      const shown = sample(random.binomial(conversion.waitFor, capsules), conversion.waitFor);
      const rated = sample(random.binomial(unhappy.waitFor, answers), unhappy.waitFor);
      if (judgeKpi(shown, sample(900, 3_000), rules[0]).status === status) found[0] += 1;
      if (judgeKpi(rated, sample(60, 600), rules[1]).status === status) found[1] += 1;
    }
    return found;
  }

  it('lets a healthy build through nearly always', () => {
    const [capsules, answers] = times('pass', 0.3);
    expect(capsules).toBeGreaterThan(995);
    expect(answers).toBeGreaterThan(985);
  });

  it('rolls back a build that takes half of the capsules away, each time', () => {
    expect(times('fail', 0.15)[0]).toBe(1_000);
  });

  it('rolls back a build that doubles the unhappy answers nearly always', () => {
    expect(times('fail', 0.3, 0.2)[1]).toBeGreaterThan(985);
  });
});
