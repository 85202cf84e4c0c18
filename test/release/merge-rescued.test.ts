import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { AuroraError } from '../../src/base/errors.ts';
import { emergencyRollback } from '../../src/release/emergency.ts';
import type { Engine } from '../../src/release/engine.ts';
import { FileLeaseStore } from '../../src/release/file-lease-store.ts';
import { Leases } from '../../src/release/leases.ts';
import { mergeRescued } from '../../src/release/merge-rescued.ts';
import { RescueLog } from '../../src/release/rescue-log.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import type { JournalWriter, ReleaseStore } from '../../src/release/store.ts';
import { effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const wish = { reason: 'errors since 02:10', only: null };
const hold = { fail: 'hold', inconclusive: 'hold', error: 'hold', catastrophe: 'hold' } as const;
const steps = [
  step(1, [
    effect('start-slot', production),
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
    flagAt(5),
  ]),
  step(2, [flagAt(7)], hold),
];
const away = () => Promise.reject(new AuroraError('STORE_FAILED', 'the store is away'));

/** A store that answers nothing, beside leases that do not either. */
function awayStore(): Pick<Engine, 'store' | 'leases'> {
  const store: ReleaseStore = {
    ...{ list: away, exists: away, read: away, text: away, create: away, open: away },
    ...{ writeDocument: away, offer: away, inbox: away, changed: away },
  };
  const leases = { read: away, holds: away, replace: away, where: () => 'away' };
  return { store, leases: new Leases(leases, systemClock) };
}

const engine = (change: Partial<Engine> = {}) => world.engine(steps, rollbackPhases, change);
const rescueDirectory = () => join(world.directory, 'rescue');
const rescueFile = (release: string) => join(rescueDirectory(), `${release}.jsonl`);

async function typesOf(release: string): Promise<readonly string[]> {
  return (await engine().store.read(release)).map(({ type }) => type);
}

/** A canary that holds at 5 %, rolled back while its store was away. */
async function rolledBackAside(): Promise<string> {
  const { release } = await startRelease(engine(), '1.4.0');
  const result = await emergencyRollback(
    engine({ ...awayStore(), actor: 'On-call' }),
    wish,
    release,
  );
  expect(result.notes.join('\n')).toContain(
    `entries kept in ${rescueFile(release)}; the next rollback, resume or release here merges them`,
  );
  return release;
}

/** Everything that waits to be merged into a release, as (type, at, actor). */
async function keptOf(release: string) {
  const lines = (await readFile(rescueFile(release), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const { type, at, actor } = JSON.parse(line);
    return { type, at, actor };
  });
}

describe('a rollback while the store is away', () => {
  it('brings customers back all the same, and keeps its entries where only the owner reads them', async () => {
    const release = await rolledBackAside();
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect((await stat(rescueFile(release))).mode & 0o777).toBe(0o600);
    expect((await stat(rescueDirectory())).mode & 0o777).toBe(0o700);
    expect((await keptOf(release)).map(({ type }) => type)).toContain('rollback.ended');
    expect(await typesOf(release)).not.toContain('rollback.started');
  });

  it('goes to a file of the machine when the state directory cannot be written either', async () => {
    await mkdir(world.directory, { recursive: true });
    await writeFile(rescueDirectory(), 'in the way');
    const { rescuedTo } = await rescued();
    expect(rescuedTo).toContain('aurora-rescue-r1-');
    expect((await stat(rescuedTo ?? '')).mode & 0o777).toBe(0o600);
    await rm(rescuedTo ?? '');
  });

  async function rescued() {
    const about = { listener: () => undefined, clock: systemClock, actor: 'A', entries: [] };
    const log = new RescueLog('r1', { ...about, writer: null, stateDirectory: world.directory });
    await log.append('rollback.started', wish);
    return log;
  }
});

describe('entries that were kept aside', () => {
  it('are in the journal before a second rollback writes anything, with their own time and actor', async () => {
    const release = await rolledBackAside();
    const kept = await keptOf(release);
    const before = (await typesOf(release)).length;
    const again = await emergencyRollback(engine({ actor: 'Omar V.' }), wish, release);
    expect(again.notes.join()).toContain(`are in the journal of ${release} now`);
    const entries = await engine().store.read(release);
    expect(entries[before]).toMatchObject({
      type: 'rescue.merged',
      actor: 'Omar V.',
      data: { entries: kept.length, path: rescueFile(release) },
    });
    const merged = entries.slice(before + 1, before + 1 + kept.length);
    expect(merged.map(({ type, at, actor }) => ({ type, at, actor }))).toEqual(kept);
    expect(entries[before + 1 + kept.length]).toMatchObject({ type: 'lease.acquired' });
    expect(await readdir(rescueDirectory())).toEqual([`${release}.jsonl.merged`]);
  });

  it('tell a resume that there is nothing to resume any more', async () => {
    const release = await rolledBackAside();
    const applied = [...world.acts];
    await expect(resumeRelease(engine(), release)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
    expect(world.acts).toEqual(applied);
    const state = foldJournal(release, await engine().store.read(release));
    expect([state.status, state.refused]).toEqual(['ended', []]);
  });

  it('become a journal of their own where there was none, by whoever holds the leases next', async () => {
    const { release } = await startRelease(engine(), '1.4.0');
    const lost = await emergencyRollback(engine(awayStore()), wish);
    expect(lost.release).not.toBe(release);
    expect(await engine().store.exists(lost.release)).toBe(false);
    const next = world.engine([step(1, [flagAt(5)])], rollbackPhases);
    await startRelease(next, '1.4.0');
    expect(await typesOf(lost.release)).toContain('rollback.ended');
    expect(await readdir(rescueDirectory())).toEqual([`${lost.release}.jsonl.merged`]);
  });

  it('are merged once, however often a merge breaks off', async () => {
    const release = await rolledBackAside();
    const kept = await keptOf(release);
    const before = (await typesOf(release)).length;
    let merges = 0;
    for (let room = 1; !(await readdir(rescueDirectory()))[0]?.endsWith('.merged'); room += 3) {
      const { store } = engine();
      await mergeRescued({ ...engine(), store: fullAfter(store, room) });
      merges += 1;
    }
    expect(merges).toBeGreaterThan(2);
    const entries = (await engine().store.read(release)).slice(before);
    const merged = entries.filter(({ type }) => type !== 'rescue.merged');
    expect(merged.map(({ type }) => type)).toEqual(kept.map(({ type }) => type));
    const said = entries.flatMap((one) => (one.type === 'rescue.merged' ? one.data.entries : []));
    expect(said).toHaveLength(merges);
    expect(said[0]).toBe(kept.length);
  });

  it('that come while others are being merged are merged behind them', async () => {
    const release = await rolledBackAside();
    const before = (await typesOf(release)).length;
    const kept = await keptOf(release);
    await mergeRescued({ ...engine(), store: fullAfter(engine().store, 3) });
    await emergencyRollback(engine({ ...awayStore(), actor: 'Second' }), wish, release);
    const second = await keptOf(release);
    expect(await readdir(rescueDirectory())).toHaveLength(2);
    await mergeRescued(engine());
    const entries = (await engine().store.read(release)).slice(before);
    const merged = entries.filter(({ type }) => type !== 'rescue.merged');
    expect(merged.map(({ type, at, actor }) => ({ type, at, actor }))).toEqual([
      ...kept,
      ...second,
    ]);
    expect((await readdir(rescueDirectory())).every((one) => one.endsWith('.merged'))).toBe(true);
  });

  it('keep the name of an earlier file that was merged', async () => {
    const release = await rolledBackAside();
    await emergencyRollback(engine(), wish, release);
    await emergencyRollback(engine(awayStore()), wish, release);
    await emergencyRollback(engine(), wish, release);
    const names = await readdir(rescueDirectory());
    expect(names).toHaveLength(2);
    expect(names).toContain(`${release}.jsonl.merged`);
    expect(names.every((name) => name.endsWith('.merged'))).toBe(true);
  });

  it('lose the last line when a crash tore it, and nothing else', async () => {
    const release = await rolledBackAside();
    const kept = await keptOf(release);
    const text = await readFile(rescueFile(release), 'utf8');
    await writeFile(rescueFile(release), `${text}{"type":"release.en`);
    await mergeRescued(engine());
    expect((await typesOf(release)).slice(-kept.length)).toEqual(kept.map(({ type }) => type));
  });

  it.each([
    ['which are none', 'not json\n'],
    ['of which one is none', '{"type":"rollback.started","data":{}}\n17\n'],
  ])('%s stay where they are, are told, and stand in no way', async (_words, text) => {
    const { release } = await startRelease(engine(), '1.4.0');
    await mkdir(rescueDirectory(), { recursive: true });
    await writeFile(rescueFile(release), text);
    const before = await typesOf(release);
    const notes = await mergeRescued(engine());
    expect(notes).toEqual([
      `entries kept in ${rescueFile(release)} could not be merged: not a kept entry`,
    ]);
    expect(await typesOf(release)).toEqual(before);
    expect(await readFile(rescueFile(release), 'utf8')).toBe(text);
    expect((await resumeRelease(engine(), release)).exit).toBe(4);
  });

  it('are not asked for where nothing was kept', async () => {
    expect(await mergeRescued(engine())).toEqual([]);
    expect(await new FileLeaseStore(world.directory).read('production')).toMatchObject({
      fence: 0,
    });
  });
});

/** A store with room for so many entries. */
function fullAfter(store: ReleaseStore, room: number): ReleaseStore {
  let left = room;
  const wrap = (writer: JournalWriter): JournalWriter => ({
    release: writer.release,
    get entries() {
      return writer.entries;
    },
    append: (type, data, about) => {
      left -= 1;
      return left < 0 ? away() : writer.append(type, data, about);
    },
    note: (type, data) => writer.note(type, data),
    close: () => writer.close(),
  });
  return Object.assign(Object.create(store) as ReleaseStore, {
    open: async (...order: Parameters<ReleaseStore['open']>) => wrap(await store.open(...order)),
  });
}
