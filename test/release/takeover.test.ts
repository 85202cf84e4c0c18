import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { AuroraError } from '../../src/base/errors.ts';
import { ownMark } from '../../src/base/process-mark.ts';
import { emergencyRollback } from '../../src/release/emergency.ts';
import type { Engine } from '../../src/release/engine.ts';
import { FileLeaseStore, openFileLeases } from '../../src/release/file-lease-store.ts';
import type { LeaseRecord } from '../../src/release/lease.ts';
import { Leases } from '../../src/release/leases.ts';
import { type RunResult, resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import type { WhenHeld } from '../../src/release/when-held.ts';
import { approval, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
const running: Promise<unknown>[] = [];
beforeEach(async () => {
  world = await new World().open();
});
afterEach(async () => {
  await Promise.allSettled(running.splice(0));
  await world.close();
});

const production = { environment: 'production' };
const acts = step(1, [effect('start-slot', production), flagAt(0)]);
const waits = step(2, [approval()]);
const goes = step(3, [effect('set-cohort', { ...production, percent: 5 }), flagAt(5)]);
/** A release that has begun, waits for a word, and would go on to act. */
const steps = [acts, waits, goes];
const wish = { reason: 'errors', only: null };

/** A release that runs in this process until something ends it. */
async function begun(change: Partial<Engine> = {}) {
  const engine = world.engine(steps, rollbackPhases, {
    approvalWaitMs: 60_000,
    // It notices within 200 ms that it was overtaken.
    leases: openFileLeases(world.directory, systemClock, { ttlMs: 600 }),
    ...change,
  });
  const run = startRelease(engine, '1.4.0');
  running.push(run);
  run.catch(() => undefined);
  await vi.waitFor(
    () => expect(engine.entries.map(({ type }) => type)).toContain('approval.requested'),
    { timeout: 10_000 },
  );
  const release = engine.entries[0]?.release ?? '';
  return { run, release, engine, journal: () => journalOf(release) };
}

function journalOf(release: string): Promise<string> {
  return readFile(join(world.directory, 'releases', release, 'journal.jsonl'), 'utf8');
}

async function entriesOf(release: string) {
  return world.engine([], []).store.read(release);
}

function takeOver(confirm: (held: LeaseRecord) => Promise<boolean> = async () => true): WhenHeld {
  return { kind: 'take-over', confirm };
}

/** Another one who wants to release, with steps that end at once. */
function another(whenHeld?: WhenHeld, change: Partial<Engine> = {}) {
  const held = whenHeld === undefined ? {} : { whenHeld };
  return world.engine([step(1, [flagAt(0)])], rollbackPhases, {
    ...{ actor: 'On-call', ...held, ...change },
  });
}

describe('a release while another one holds the lease', () => {
  it('exits 7 and says who holds it, since when, when last seen, and both ways on', async () => {
    const { release } = await begun();
    const refused: unknown = await startRelease(another(), '1.4.0').catch((error) => error);
    expect(refused).toMatchObject({ code: 'LEASE_HELD', exitCode: 7 });
    const { message, remedy } = refused as AuroraError;
    expect(message).toMatch(
      new RegExp(
        `^production is held by release ${release} of Alex W. since 20\\S+Z on \\S+ ` +
          `\\(process ${process.pid}\\), last sign of life .+ ago$`,
      ),
    );
    expect(remedy).toContain('--wait');
    expect(remedy).toContain('--takeover');
    await emergencyRollback(another(), wish, release);
  });

  it('waits for it when told so, says for whom, and begins when it is free', async () => {
    const { release, run } = await begun({ approvalWaitMs: 1_000 });
    const held: (string | undefined)[] = [];
    const onHeld = ({ holder }: LeaseRecord) => void held.push(holder?.release);
    const waiting = startRelease(another({ kind: 'wait', withinMs: 60_000, onHeld }), '1.4.0');
    expect((await run).exit).toBe(4);
    const { state, release: mine } = await waiting;
    expect(held).toEqual([release]);
    expect(state.outcome).toBe('released');
    const taken = (await entriesOf(mine)).filter(({ type }) => type === 'lease.acquired');
    expect(taken.map(({ data }) => 'takenFrom' in data)).toEqual([false, false]);
  });

  it('waits no longer than it was told to', async () => {
    const { release } = await begun();
    const waiting: WhenHeld = { kind: 'wait', withinMs: 300, onHeld: () => undefined };
    await expect(startRelease(another(waiting), '1.4.0')).rejects.toMatchObject({
      code: 'LEASE_HELD',
    });
    await emergencyRollback(another(), wish, release);
  });

  it('waits no longer than somebody wants it to', async () => {
    const { release } = await begun();
    const stop = new AbortController();
    const onHeld = () => stop.abort(new Error('Ctrl-C'));
    const waiting: WhenHeld = { kind: 'wait', withinMs: 60_000, onHeld };
    const starting = startRelease(another(waiting, { signal: stop.signal }), '1.4.0');
    await expect(starting).rejects.toThrow('Ctrl-C');
    await emergencyRollback(another(), wish, release);
  });

  it('looks again at what it resumes once the lease is free', async () => {
    const { release } = await begun();
    const onHeld = () => running.push(emergencyRollback(another(), wish, release));
    const waiting: WhenHeld = { kind: 'wait', withinMs: 60_000, onHeld };
    const engine = world.engine(steps, rollbackPhases, { whenHeld: waiting });
    await expect(resumeRelease(engine, release)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  });
});

describe('a takeover', () => {
  it('ends the old process in both journals before the new one does anything', async () => {
    const { run, release, journal } = await begun();
    const asked: string[] = [];
    const confirm = async ({ holder }: LeaseRecord) => {
      asked.push(holder?.release ?? '');
      return true;
    };
    const engine = another(takeOver(confirm));
    const told: Promise<string>[] = [];
    const onEntry: Engine['onEntry'] = (entry) => {
      engine.entries.push(entry);
      if (engine.entries.length === 1) told.push(journal());
    };
    const { release: mine } = await startRelease({ ...engine, onEntry }, '1.4.0');
    expect(asked).toContain(release);

    const atFirst = (await told[0])?.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(atFirst)).toMatchObject({
      type: 'release.overtaken',
      actor: 'On-call',
      data: { by: 'On-call', release: mine, environment: 'production', fence: 2 },
    });
    expect((await entriesOf(mine)).slice(0, 2).map(({ data }) => data)).toMatchObject(
      ['production', 'staging'].map((environment) => ({
        environment,
        takenFrom: { release, actor: 'Alex W.', why: 'takeover' },
      })),
    );
    const applied = [...world.acts];
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST', exitCode: 7 });
    expect((await journal()).trimEnd().split('\n').at(-1)).toBe(atFirst);
    expect(world.acts).toEqual(applied);
    expect(foldJournal(release, await entriesOf(release)).status).toBe('interrupted');
  });

  it('leaves no way for the old process to append, even one that never looks at its lease', async () => {
    const { release, journal } = await begun();
    const old = await world.engine([], []).store.open(release, 'old');
    await startRelease(another(takeOver()), '1.4.0');
    const before = await journal();
    await expect(old.append('release.resumed', { from: 1 })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await journal()).toBe(before);
  });

  it('of the same release goes on with it', async () => {
    const { run, release } = await begun();
    const engine = world.engine(steps, rollbackPhases, { whenHeld: takeOver() });
    const { exit } = await resumeRelease(engine, release);
    expect(exit).toBe(4);
    const types = (await entriesOf(release)).map(({ type }) => type);
    const overtaken = types.indexOf('release.overtaken');
    expect(types.slice(overtaken, overtaken + 4)).toEqual([
      'release.overtaken',
      'lease.acquired',
      'lease.acquired',
      'release.resumed',
    ]);
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(world.acts.filter((act) => act.startsWith('start'))).toHaveLength(1);
  });

  it('that nobody agrees to takes nothing', async () => {
    const { release, journal } = await begun();
    const before = await journal();
    const asking = startRelease(another(takeOver(async () => false)), '1.4.0');
    await expect(asking).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(await journal()).toBe(before);
    await emergencyRollback(another(), wish, release);
  });

  it('asks nobody about a lease that nobody holds', async () => {
    const ask = vi.fn(async () => true);
    expect((await startRelease(another(takeOver(ask)), '1.4.0')).exit).toBe(0);
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('what a dead process left behind', () => {
  /** A release whose process is gone, its journal still open. */
  async function abandoned(): Promise<string> {
    const { exit, release } = await startRelease(world.engine(steps, rollbackPhases), '1.4.0');
    expect(exit).toBe(4);
    const gone = { ...ownMark(), pid: 2 ** 22 - 1 };
    const leases = new Leases(new FileLeaseStore(world.directory), systemClock, { here: gone });
    await leases.acquire('production', release, 'Alex W.');
    return release;
  }

  it('is written off in its journal by another release', async () => {
    const release = await abandoned();
    const { release: mine } = await startRelease(another(), '1.4.0');
    expect((await entriesOf(release)).at(-1)).toMatchObject({
      type: 'release.overtaken',
      data: { by: 'On-call', release: mine },
    });
    expect((await entriesOf(mine))[0]?.data).toMatchObject({ takenFrom: { release, why: 'dead' } });
  });

  it('is simply gone on with by its own resume', async () => {
    const release = await abandoned();
    await resumeRelease(world.engine(steps, rollbackPhases), release);
    const types = (await entriesOf(release)).map(({ type }) => type);
    expect(types).not.toContain('release.overtaken');
  });

  it('needs no journal to be taken over from', async () => {
    await world.engine([], []).leases.acquire('production', 'never-written', 'Alex W.');
    expect((await startRelease(another(takeOver()), '1.4.0')).exit).toBe(0);
  });
});

describe('a rollback by hand while a release runs', () => {
  it('waits for nobody, writes whose right it took, and leaves the release nothing to do', async () => {
    const { run, release } = await begun();
    const { exit } = await emergencyRollback(another(), wish, release);
    expect([0, 6]).toContain(exit);
    const applied = [...world.acts];
    const before = await journalOf(release);
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST', exitCode: 7 });
    expect(await journalOf(release)).toBe(before);
    expect(world.acts).toEqual(applied);
    const entries = await entriesOf(release);
    const first = entries.findIndex(({ type }) => type === 'rollback.started') - 1;
    expect(entries[first]).toMatchObject({
      type: 'lease.acquired',
      data: { takenFrom: { release, why: 'rollback' } },
    });
  });

  it('tells the release that it overtook when it rolls another one back', async () => {
    const first: RunResult = await startRelease(world.engine([acts], rollbackPhases), '1.4.0');
    const { run, release } = await begun();
    const { release: rolled } = await emergencyRollback(another(), wish, first.release);
    expect(rolled).toBe(first.release);
    expect((await entriesOf(release)).at(-1)).toMatchObject({
      type: 'release.overtaken',
      data: { by: 'On-call', release: first.release },
    });
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });
});
