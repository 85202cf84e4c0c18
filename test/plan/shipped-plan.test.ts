import { beforeAll, describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/base/duration.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { loadPlan } from '../../src/plan/load-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { checkPlanKinds } from '../../src/release/check-plan.ts';
import { ownerLabel } from '../../src/report/words.ts';
import { readSeed } from './seed.ts';

let plan: Plan;
let seed: Awaited<ReturnType<typeof readSeed>>;
beforeAll(async () => {
  plan = await loadPlan(shippedChecklists());
  seed = await readSeed();
});

describe('the shipped plan', () => {
  it('is the deployment plan, row by row and word for word', () => {
    expect(seed.steps).toHaveLength(9);
    const rows = plan.steps.map((step) => ({
      step: String(step.step),
      owner: ownerLabel(step.owner),
      duration: formatDuration(step.durationMs),
      description: step.description,
      criterion: step.criterion,
    }));
    expect(rows).toEqual(seed.steps);
  });

  it('has its title, version and date', () => {
    expect(plan.title).toBe(seed.title);
    expect([plan.version, plan.date]).toEqual(seed.version);
  });

  it('takes 160 minutes, as the nine steps add up', () => {
    const minutes = plan.steps.reduce((sum, step) => sum + step.durationMs / 60_000, 0);
    expect(minutes).toBe(160);
  });

  it('carries out every line of the rollback, in the plan’s words', () => {
    const words = plan.rollback.flat().map((compensation) => compensation.words);
    const [flags = '', build = '', caches = '', people = ''] = seed.rollback;
    expect(words).toContain(flags);
    expect(words).toContain(build);
    const cacheWords = words.filter((word) => caches.includes(word));
    expect(cacheWords.join(' ')).toBe(caches);
    const peopleWords = words
      .filter((word) => people.includes(word))
      .sort((one, other) => people.indexOf(one) - people.indexOf(other));
    expect(peopleWords.join(', ')).toBe(people);
  });

  it('switches the flags off before anything else, all three at once', () => {
    expect(plan.rollback[0]).toHaveLength(1);
    expect(plan.rollback[0]?.[0]).toMatchObject({
      kind: 'disable-flags',
      params: { environment: 'production', flags: plan.flags.all },
    });
  });

  it('names only kinds that there are, with parameters that fit', async () => {
    await expect(checkPlanKinds(plan)).resolves.toBeUndefined();
  });

  it('ends the release at a failure before customers, and rolls back or holds after', () => {
    const fail = plan.steps.map((step) => step.verdicts.fail);
    const error = plan.steps.map((step) => step.verdicts.error);
    const early = Array.from({ length: 6 }, () => 'no-go');
    expect(fail).toEqual([...early, 'rollback', 'hold', 'rollback']);
    expect(error).toEqual([...early, 'hold', 'hold', 'hold']);
    expect(plan.steps[7]?.verdicts.catastrophe).toBe('rollback');
    // Left out, a catastrophe counts as a failure.
    expect(plan.steps[0]?.verdicts.catastrophe).toBe('no-go');
  });

  it('wants the word of the product manager, and of nobody else, before production', () => {
    const approvals = plan.steps.flatMap((step) =>
      step.moves.flatMap((move) => (move.type === 'approval' ? [{ at: step.step, ...move }] : [])),
    );
    expect(approvals).toEqual([
      {
        at: 5,
        type: 'approval',
        role: 'Product Manager',
        name: 'Omar V.',
        count: 1,
        self: false,
        unsigned: false,
        expiresMs: 86_400_000,
      },
    ]);
  });
});
