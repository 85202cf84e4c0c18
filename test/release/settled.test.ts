import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import type { JournalWriter, ReleaseStore } from '../../src/release/store.ts';
import { withMembers } from './with-members.ts';
import { digests, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const toProduction = [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
];
const canaryRules = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;

/** A store that takes no entry behind this one, as one of a process that is gone. */
function endingAt(store: ReleaseStore, last: (entry: JournalEntry) => boolean): ReleaseStore {
  const wrap = (writer: JournalWriter): JournalWriter => {
    let gone = false;
    const append: JournalWriter['append'] = async (type, data) => {
      if (gone) throw new AuroraError('STORE_FAILED', 'the process is gone');
      const entry = await writer.append(type, data);
      gone = last(entry);
      return entry;
    };
    return withMembers(writer, { append });
  };
  return withMembers(store, { create: async (id, actor) => wrap(await store.create(id, actor)) });
}

const failed = (entry: JournalEntry) =>
  entry.type === 'check.done' && entry.data.result.status === 'fail';

describe('a step that broke off when its verdict was known', () => {
  it.each([
    ['its check failed', failed],
    ['it ended', (entry: JournalEntry) => entry.type === 'step.ended'],
  ])('is a no-go without being measured again, once %s: what was put back stays so', async (_when, last) => {
    const steps = [step(1, [...toProduction, flagAt(50)])];
    const engine = world.engine(steps, rollbackPhases);
    const dying = { ...engine, store: endingAt(engine.store, last) };
    await expect(startRelease(dying, '1.4.0')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    // As if the undo had begun: taken again, the step would give the candidate its customers back.
    const stable = world.strategy('stable', 100, digests.stable);
    world.setFlag('production', 'AURORA_WIDGET_ENABLED', [stable]);
    const acts = world.acts.length;
    const [id = ''] = await engine.store.list();
    const { exit, state } = await resumeRelease(world.engine(steps, rollbackPhases), id);
    expect([exit, state.outcome]).toEqual([3, 'no-go']);
    expect(world.acts.slice(acts).some((act) => /^(start|cohort)/.test(act))).toBe(false);
    expect(world.slots.has('production/green')).toBe(false);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
  });

  it('is rolled back at once, however well it would look by now', async () => {
    const steps = [step(1, [...toProduction, flagAt(5)]), step(2, [flagAt(5)], canaryRules)];
    const engine = world.engine(steps, rollbackPhases);
    const { release } = await startRelease(engine, '1.4.0', { until: 1 });
    const journal = await engine.store.open(release, 'Alex W.');
    await journal.append('step.started', { step: 2, plannedMs: 1 });
    const result = { id: 'canary', title: 'canary', status: 'fail' } as const;
    await journal.append('check.done', {
      ...{ step: 2, move: 0 },
      result: { ...result, expected: 'green', observed: 'red' },
    });
    await journal.close();
    const { exit, state } = await resumeRelease(world.engine(steps, rollbackPhases), release);
    expect([exit, state.outcome]).toEqual([5, 'rolled-back']);
    expect(state.steps.get(2)?.checks.map(({ observed }) => observed)).toEqual(['red']);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
  });
});
