import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { emergencyRollback } from '../../src/release/emergency.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import { Leases } from '../../src/release/leases.ts';
import { openMongoState } from '../../src/release/mongo/open.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import { endMongodb, mongodbUri } from './store-kinds.ts';
import { Wire } from './wire.ts';
import { effect, flagAt, rollbackPhases, step, World } from './world.ts';

/** What a rollback may lose by a database that is away before its flags are off, on a busy machine. */
const lossMs = 8_000;

let world: World;
let wire: Wire;
let client: MongoClient;
let name: string;
let port: number;
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  world = await new World().open();
  const uri = await mongodbUri();
  wire = await Wire.to(uri);
  port = wire.port;
  client = new MongoClient(uri, { retryWrites: false });
  name = `aurora_test_${randomBytes(6).toString('hex')}`;
});
afterEach(async () => {
  for (const state of opened.splice(0)) await state.close();
  await wire.cut();
  await client.db(name).dropDatabase();
  await client.close();
  await world.close();
});
afterAll(endMongodb);

const production = { environment: 'production' };
const wish = { reason: 'errors since 02:10', only: null };
const hold = { fail: 'hold', inconclusive: 'hold', error: 'hold', catastrophe: 'hold' } as const;
const canary = step(1, [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
  flagAt(5),
]);
const held = step(2, [flagAt(7)], hold);
const red = step(2, [flagAt(7)], { ...hold, fail: 'rollback' });

/** An engine of a process of its own, its releases in the database at the end of the wire. */
function engine(steps = [canary, held], change: Partial<Engine> = {}, patienceMs = 10_000) {
  const uri = new Secret(`mongodb://127.0.0.1:${port}/?directConnection=true`, 'test');
  const settings = { uri, database: name, stateDirectory: world.directory, patienceMs };
  const state = openMongoState(settings, systemClock);
  opened.push(state);
  const leases = new Leases(state.leases, systemClock);
  return world.engine(steps, rollbackPhases, { store: state.store, leases, ...change });
}

/** Cuts the wire as soon as such an entry is written; tells how long after it flags went off. */
function watched(isLast: (entry: JournalEntry) => boolean) {
  let cut = false;
  let begun = performance.now();
  const told = { offAfterMs: Number.POSITIVE_INFINITY, cutting: Promise.resolve() };
  const onEntry = (entry: JournalEntry) => {
    if (isLast(entry) && !cut) {
      cut = true;
      begun = performance.now();
      told.cutting = wire.cut();
    }
    const off = entry.type === 'compensation.done' && entry.data.key.includes('flags');
    if (off) told.offAfterMs = performance.now() - begun;
  };
  return { told, onEntry };
}

function areCustomersSafe(): boolean {
  const { enabled } = world.flag('AURORA_WIDGET_ENABLED');
  const { stable, candidate } = world.traffic.production;
  return !enabled && stable === 'blue' && candidate === null;
}

const kept = async () => (await readdir(join(world.directory, 'rescue')).catch(() => [])).sort();

async function stateOf(release: string) {
  return foldJournal(release, await engine().store.read(release));
}

describe('a rollback while the database is away', () => {
  it('works from the configuration alone, and its entries join the journal later', async () => {
    const { release } = await startRelease(engine(), '1.4.0');
    await wire.cut();
    const { told, onEntry } = watched(() => false);
    const result = await emergencyRollback(engine([canary, held], { onEntry }), wish, release);
    expect(areCustomersSafe()).toBe(true);
    expect(told.offAfterMs).toBeLessThan(lossMs);
    expect(result.notes.join('\n')).toContain('the fence could not be raised');
    expect(await kept()).toEqual([`${release}.jsonl`]);

    await wire.listen(port);
    expect((await stateOf(release)).status).toBe('held');
    const applied = [...world.acts];
    await expect(resumeRelease(engine(), release)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
    expect(await stateOf(release)).toMatchObject({ status: 'ended', refused: [] });
    expect(world.acts).toEqual(applied);
    expect(await kept()).toEqual([`${release}.jsonl.merged`]);
  }, 60_000);

  it.each([
    'rollback.started',
    'compensation.started',
    'compensation.done',
  ] as const)('that goes away behind %s loses no entry', async (type) => {
    const { release } = await startRelease(engine(), '1.4.0');
    const { told, onEntry } = watched((entry) => entry.type === type);
    const by = engine([canary, held], { onEntry });
    const result = await emergencyRollback(by, wish, release);
    await told.cutting;
    expect(areCustomersSafe()).toBe(true);
    expect(told.offAfterMs).toBeLessThan(lossMs);

    await wire.listen(port);
    const again = await emergencyRollback(engine(), wish, release);
    expect(again.exit).toBe(0);
    const entries = await engine().store.read(release);
    const merge = entries.findIndex((entry) => entry.type === 'rescue.merged');
    const first = entries.filter(({ type: kind }) => kind !== 'rescue.merged');
    const known = result.entries.map(({ type: kind, at }) => `${kind} ${at}`);
    expect(first.slice(0, known.length).map(({ type: kind, at }) => `${kind} ${at}`)).toEqual(
      known,
    );
    expect(merge).toBeGreaterThan(0);
    expect(await stateOf(release)).toMatchObject({ outcome: 'rolled-back', refused: [] });
  }, 60_000);
});

describe('a red canary while the database is away', () => {
  it('is rolled back by the release itself, and the record is merged by whoever comes next', async () => {
    const { told, onEntry } = watched(
      (entry) => entry.type === 'step.started' && entry.data.step === 2,
    );
    // What comes after customers are safe need not be waited for as long as usual.
    const by = engine([canary, red], { onEntry }, 1_000);
    const { release, exit, notes } = await startRelease(by, '1.4.0');
    await told.cutting;
    expect(areCustomersSafe()).toBe(true);
    expect(told.offAfterMs).toBeLessThan(lossMs);
    expect([5, 6]).toContain(exit);
    expect(notes.join('\n')).toContain(`entries kept in ${join(world.directory, 'rescue')}`);

    await wire.listen(port);
    expect((await emergencyRollback(engine(), wish, release)).exit).toBe(0);
    expect(await stateOf(release)).toMatchObject({ outcome: 'rolled-back', refused: [] });
  }, 60_000);
});
