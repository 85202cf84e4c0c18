import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/secret.ts';
import { FileLeaseStore } from '../../../src/release/file-lease-store.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import { openMongoState } from '../../../src/release/mongo/open.ts';
import { endMongodb, mongodbUri } from '../store-kinds.ts';
import { bundleProgram, type Finish, Racer } from './racers.ts';

const count = 50;
const wave = 10;
const release = (index: number) => `20261122-080000-1.4.0-${String(index).padStart(4, '0')}`;

let programs: string;
let program: string;
let directory: string;
let database: string;
const racers: Racer[] = [];

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'aurora-racer-'));
  program = await bundleProgram('racer', programs);
});
afterAll(async () => {
  await endMongodb();
  await rm(programs, { recursive: true, force: true });
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-race-'));
  database = `aurora_test_${randomBytes(6).toString('hex')}`;
});
afterEach(async () => {
  for (const racer of racers.splice(0)) racer.signal('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Starts them all, lets them begin at the same moment, and ends whoever won when all have spoken. */
async function race(uri: string): Promise<Finish[]> {
  // In waves: fifty that start at once keep each other from it. Only the release is a race.
  for (let first = 0; first < count; first += wave) {
    const names = Array.from({ length: wave }, (_, index) => first + index);
    const some = names.map(
      (index) => new Racer(program, [directory, uri, database, release(index), `ci-${index}`]),
    );
    racers.push(...some);
    const ready = await Promise.all(some.map((racer) => racer.word()));
    expect(new Set(ready)).toEqual(new Set(['ready']));
  }
  const start = String(Date.now() + 300);
  for (const racer of racers) racer.tell(start);
  await Promise.all(racers.map((racer) => racer.word()));
  for (const racer of racers) racer.tell('end');
  return Promise.all(racers.map((racer) => racer.end()));
}

describe(`${count} processes that start a release at once`, () => {
  const kinds = [
    { name: 'files', address: async () => '' },
    {
      name: 'MongoDB',
      address: async () => {
        const uri = await mongodbUri();
        return `${uri}${uri.includes('?') ? '&' : '/?'}serverSelectionTimeoutMS=20000`;
      },
    },
  ];

  it.each(kinds)('on $name: one runs, the others exit 7 and name it', async ({ address }) => {
    const uri = await address();
    const finishes = await race(uri);
    const won = finishes.filter(({ exit }) => exit === 0);
    const losers = finishes.filter(({ exit }) => exit === 7);
    expect([won.length, losers.length]).toEqual([1, count - 1]);
    const winner = release(finishes.findIndex(({ exit }) => exit === 0));
    expect(won[0]?.said).toEqual({ won: winner });
    const actor = `ci-${Number(winner.slice(-4))}`;
    for (const { said, errors } of losers) {
      expect(said).toMatchObject({
        code: 'LEASE_HELD',
        message: expect.stringContaining(
          `production is held by release ${winner} of ${actor} since`,
        ),
      });
      expect(errors).toBe('');
    }

    const mongo = { uri: new Secret(uri, 'test'), database, stateDirectory: directory };
    const state = uri === '' ? null : openMongoState(mongo, systemClock);
    const store = state?.store ?? new FileStore(directory, systemClock);
    const leases = state?.leases ?? new FileLeaseStore(directory);
    try {
      expect(await store.list()).toEqual([winner]);
      const entries = await store.read(winner);
      expect(entries.map(({ type, actor: by }) => [type, by])).toEqual([
        ['lease.acquired', actor],
        ['lease.acquired', actor],
      ]);
      for (const environment of ['production', 'staging']) {
        expect(await leases.read(environment)).toMatchObject({ fence: 1, holder: null });
      }
    } finally {
      await state?.close();
    }
    const left = await readdir(directory, { recursive: true });
    expect(left.filter((path) => /\.(lock|tmp)/.test(path))).toEqual([]);
  }, 120_000);
});
