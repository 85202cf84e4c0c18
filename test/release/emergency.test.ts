import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emergencyRollback } from '../../src/release/emergency.ts';
import { startRelease } from '../../src/release/run-release.ts';
import { digests, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const wish = { reason: 'errors since 02:10', only: null };
const steps = [
  step(1, [
    effect('start-slot', production),
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
    flagAt(5),
  ]),
  step(2, [flagAt(7)], { fail: 'hold', inconclusive: 'hold', error: 'hold', catastrophe: 'hold' }),
];

async function heldCanary(): Promise<string> {
  const { exit, release } = await startRelease(world.engine(steps, rollbackPhases), '1.4.0');
  expect(exit).toBe(4);
  return release;
}

describe('rollback by hand', () => {
  it('brings everything back and proves it from outside', async () => {
    const release = await heldCanary();
    const result = await emergencyRollback(world.engine(steps, rollbackPhases), wish);
    expect(result).toMatchObject({ exit: 0, release, notes: [] });
    expect(result.state.outcome).toBe('rolled-back');
    expect(result.state.rollback?.ended?.proof[0]).toContain('hidden');
    expect(result.state.rollback?.ended?.proof[1]).toContain(
      `0 of 20 fresh customers answered by ${digests.candidate.slice(0, 12)}`,
    );
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(
      await readFile(join(world.directory, 'releases', release, 'incident.md'), 'utf8'),
    ).toContain(wish.reason);
  });

  it('does the same a second time without going back further', async () => {
    await heldCanary();
    await emergencyRollback(world.engine(steps, rollbackPhases), wish);
    const acts = world.acts.filter((act) => !act.startsWith('purge'));
    const again = await emergencyRollback(world.engine(steps, rollbackPhases), wish);
    expect(again.exit).toBe(0);
    expect(world.acts.filter((act) => !act.startsWith('purge'))).toEqual(acts);
    expect(world.slots.get('production/blue')?.build).toBe(digests.stable);
  });

  it.each([
    ['cache'],
    ['cdn'],
    ['notify'],
    ['alerts'],
  ] as const)('does all the rest with a dead %s, exits 6 and says so', async (part) => {
    await heldCanary();
    world.dead.add(part);
    const { exit, state } = await emergencyRollback(fast(), wish);
    expect(exit).toBe(6);
    expect(state.outcome).toBe('rollback-incomplete');
    expect(state.rollback?.ended).toMatchObject({ complete: false, customersSafe: true });
    expect(state.rollback?.ended?.failed).toHaveLength(1);
    expect(state.rollback?.ended?.failed[0]).toContain(`no answer of ${part}`);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
  });

  it('never claims that customers are safe when it cannot see them', async () => {
    await heldCanary();
    world.dead.add('edge');
    const { exit, state } = await emergencyRollback(fast(), wish);
    expect(exit).toBe(6);
    expect(state.rollback?.ended?.customersSafe).toBe(false);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
  });

  it('switches only the flags off when told so, and still looks from outside', async () => {
    await heldCanary();
    const { exit, state } = await emergencyRollback(world.engine(steps, rollbackPhases), {
      ...wish,
      only: 'flags',
    });
    expect(exit).toBe(0);
    expect(world.flag('AURORA_RETURNS_ENABLED').enabled).toBe(false);
    expect(world.traffic.production.candidate).toBe('green');
    expect(state.status).not.toBe('ended');
  });

  it('works without any journal, from what driver and flags say', async () => {
    world.setSlot('production', 'green', digests.candidate, 50);
    world.traffic.production = { stable: 'blue', candidate: 'green' };
    world
      .flag('AURORA_WIDGET_ENABLED')
      .strategies.unshift(world.strategy('candidate', 5, digests.candidate));
    const { exit, state } = await emergencyRollback(world.engine(steps, rollbackPhases), wish);
    expect(exit).toBe(0);
    expect(state.outcome).toBe('rollback-only');
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(world.slots.has('production/green')).toBe(false);
    expect(world.flag('AURORA_WIDGET_ENABLED').strategies.map((s) => s.cohort)).toEqual(['stable']);
  });

  it('goes on without a journal that is broken, and does not touch it', async () => {
    const release = await heldCanary();
    const path = join(world.directory, 'releases', release, 'journal.jsonl');
    const broken = `${(await readFile(path, 'utf8')).split('\n').slice(1).join('\n')}`;
    await writeFile(path, broken);
    const { exit, notes } = await emergencyRollback(world.engine(steps, rollbackPhases), wish);
    expect(exit).toBe(0);
    expect(notes.join()).toContain('the journal is not readable');
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(await readFile(path, 'utf8')).toBe(broken);
  });

  it('restores the build before a finished release from the slot that still runs', async () => {
    const done = [
      step(1, [
        effect('start-slot', production),
        effect('route-candidate', production),
        effect('set-cohort', { ...production, percent: 100 }),
        flagAt(100),
        effect('promote', production),
      ]),
    ];
    expect((await startRelease(world.engine(done, rollbackPhases), '1.4.0')).exit).toBe(0);
    expect(world.traffic.production.stable).toBe('green');
    const { exit } = await emergencyRollback(world.engine(done, rollbackPhases), wish);
    expect(exit).toBe(0);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(world.acts.some((act) => act === 'start production blue')).toBe(false);
    expect(world.flag('AURORA_WIDGET_ENABLED').strategies.map((s) => s.build)).toEqual([
      digests.stable,
    ]);
  });
});

/** An engine whose clock runs a hundred times faster while it waits: dead parts stay dead anyway. */
function fast() {
  const begin = Date.now();
  const now = () => begin + (Date.now() - begin) * 100;
  const engine = world.engine(steps, rollbackPhases);
  return {
    ...engine,
    clock: {
      now,
      sleep: (ms: number, signal?: AbortSignal) => engine.clock.sleep(ms / 100, signal),
    },
  };
}
