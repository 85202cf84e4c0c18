import { readFile, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { emergencyRollback } from '../../src/release/emergency.ts';
import type { EventType } from '../../src/release/events.ts';
import { flagsBefore } from '../../src/release/flags-before.ts';
import { ReleaseLog } from '../../src/release/release-log.ts';
import { startRelease } from '../../src/release/run-release.ts';
import type { JournalWriter, ReleaseStore } from '../../src/release/store.ts';
import { effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
const rescued: string[] = [];
beforeEach(async () => {
  world = await new World().open();
});
afterEach(async () => {
  await world.close();
  for (const path of rescued.splice(0)) await rm(path, { force: true });
});

const production = { environment: 'production' };
const red = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const steps = [
  step(1, [
    effect('start-slot', production),
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
  ]),
  step(2, [flagAt(6)], red),
];
const passing = [step(1, [...(steps[0]?.moves ?? []), flagAt(5)]), ...steps.slice(1)];

/** A store on a disk that is full from the first entry of this kind in step 2 on. */
function fullFrom(store: ReleaseStore, type: EventType): ReleaseStore {
  let full = false;
  const refuse = () => new AuroraError('STORE_FAILED', 'no space left on device');
  const wrap = (writer: JournalWriter): JournalWriter => ({
    release: writer.release,
    get entries() {
      return writer.entries;
    },
    append: (kind, data) => {
      full ||= kind === type && !('step' in data && data.step === 1);
      return full ? Promise.reject(refuse()) : writer.append(kind, data);
    },
    note: (kind, data) => (full ? Promise.reject(refuse()) : writer.note(kind, data)),
    close: () => writer.close(),
  });
  return {
    list: () => store.list(),
    exists: (id) => store.exists(id),
    read: (id) => store.read(id),
    text: (id) => store.text(id),
    create: async (id, actor) => wrap(await store.create(id, actor)),
    open: async (id, actor, options) => wrap(await store.open(id, actor, options)),
    writeDocument: (id, name, text) =>
      full ? Promise.reject(refuse()) : store.writeDocument(id, name, text),
    offer: (note) => store.offer(note),
    inbox: (id) => store.inbox(id),
    changed: (id, abort, withinMs) => store.changed(id, abort, withinMs),
  };
}

describe('a red canary on a full disk', () => {
  it.each([
    'check.done',
    'step.ended',
    'rollback.started',
    'compensation.done',
  ] as const)('is rolled back all the same when the journal fails at %s, and says where the record is', async (type) => {
    const engine = world.engine(passing, rollbackPhases);
    const store = fullFrom(engine.store, type);
    const { exit, state, notes } = await startRelease({ ...engine, store }, '1.4.0');
    // The incident note cannot be written: that alone makes it incomplete, and nothing hides it.
    expect(exit).toBe(6);
    expect(state.outcome).toBe('rollback-incomplete');
    expect(state.rollback?.ended).toMatchObject({
      customersSafe: true,
      failed: [expect.stringContaining('no space left on device')],
    });
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    const path = /kept in (.+?\.jsonl)/.exec(notes.join('\n'))?.[1] ?? '';
    rescued.push(path);
    const kept = (await readFile(path, 'utf8')).trim().split('\n');
    expect(kept.map((line) => JSON.parse(line).type)).toContain('release.ended');
  });

  it('stops at once while nothing is red: without a record nothing may be changed', async () => {
    const engine = world.engine(
      [step(1, [flagAt(0)]), step(2, [effect('start-slot', production), flagAt(0)])],
      rollbackPhases,
    );
    const store = fullFrom(engine.store, 'effect.started');
    await expect(startRelease({ ...engine, store }, '1.4.0')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      exitCode: 1,
    });
    expect(world.acts).toEqual([]);
  });
});

describe('one writer to a journal', () => {
  it('lets a release that was overtaken write no progress either', async () => {
    const engine = world.engine([], []);
    const lost = new AuroraError('LEASE_LOST', 'somebody took over');
    const writer = await engine.store.create('r1', 'Alex');
    const log = new ReleaseLog(writer, engine.onEntry, () => Promise.reject(lost));
    await expect(log.note('watch.progress', { step: 7, text: '50 %' })).rejects.toBe(lost);
    await log.close();
    expect(await engine.store.read('r1')).toEqual([]);
  });

  it('stops whoever finds lines of another, so that the chain stays whole', async () => {
    const { store } = world.engine([], []);
    const first = await store.create('r1', 'Alex');
    await first.append('release.resumed', { from: 1 });
    const second = await store.open('r1', 'On-call');
    await second.append('release.resumed', { from: 2 });
    const late = first.append('release.resumed', { from: 3 });
    await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(first.note('watch.progress', { step: 1, text: 'x' })).rejects.toThrow();
    await first.close();
    await second.close();
    expect((await store.read('r1')).map((entry) => entry.actor)).toEqual(['Alex', 'On-call']);
  });

  it('counts no directory as a release that holds no journal', async () => {
    const { store } = world.engine([], []);
    await store.writeDocument('20990101-000000-rollback-aaaa', 'incident.md', '# incident');
    await (await store.create('20250101-000000-1.4.0-bbbb', 'Alex')).close();
    expect(await store.list()).toEqual(['20250101-000000-1.4.0-bbbb']);
    expect(await store.exists('20990101-000000-rollback-aaaa')).toBe(false);
  });
});

describe('the flags before a rollback', () => {
  const wish = { reason: 'errors', only: null };

  it('are known also after it was run twice, and no more once they were given back', async () => {
    world.flag('AURORA_RETURNS_ENABLED').enabled = false;
    const engine = () => world.engine(passing, rollbackPhases);
    const { release, exit } = await startRelease(engine(), '1.4.0');
    expect(exit).toBe(5);
    await emergencyRollback(engine(), wish, release);
    const { store } = engine();
    expect(flagsBefore(await store.read(release))).toEqual([
      'AURORA_TIMELINE_ENABLED',
      'AURORA_WIDGET_ENABLED',
    ]);
    const journal = await store.open(release, 'Alex');
    await journal.append('flags.restored', { flags: [] });
    await journal.close();
    expect(flagsBefore(await store.read(release))).toEqual([]);
  });
});

describe('a rollback whose plan names an act that cannot be made', () => {
  it('does all the rest and says so', async () => {
    const [flags = [], ...rest] = rollbackPhases;
    const odd = { kind: 'stable-cohort', params: production, words: 'needs a build' };
    const engine = world.engine([], [flags, [odd], ...rest]);
    const { exit, state } = await emergencyRollback(engine, { reason: 'x', only: null });
    expect(exit).toBe(6);
    expect(state.rollback?.ended?.failed).toEqual([
      expect.stringContaining('there is no build on its way in'),
    ]);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
    expect(world.notices).toHaveLength(1);
  });
});
