import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/release/events.ts';
import { bundlePath } from '../world-server/edge.ts';
import { differences } from './differences.ts';
import { endOf, Stage } from './stage.ts';
import { everyWrite, sweep } from './sweep.ts';
import type { Trial } from './trial.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const sessions = (environment: string) =>
  Array.from({ length: 5 }, (_, index) => `${environment}:session:${index}`);

async function withCache<T>(trial: Trial, work: (cache: Redis) => Promise<T>): Promise<T> {
  const cache = new Redis(trial.company.addresses.redis);
  try {
    return await work(cache);
  } finally {
    cache.disconnect();
  }
}

/** The first look of the canary: its process dies there. */
const firstLook = (entry: JournalEntry) => entry.type === 'watch.progress' && entry.data.step === 7;

/** Customers come: sessions in the cache, the candidate's bundle in the CDN. */
async function withCustomers(trial: Trial): Promise<void> {
  trial.company.state.cached.push(bundlePath(stage.builds.candidate));
  await withCache(trial, async (cache) => {
    for (const key of [...sessions('staging'), ...sessions('production')])
      await cache.set(key, '1');
  });
}

/** What customers, operators and people are left with. */
async function leftWith(trial: Trial) {
  const { release, company } = await endOf(trial);
  const cached = await withCache(trial, async (cache) => (await cache.scan('0'))[1].sort());
  const id = await trial.release();
  const kinds = trial.company.received.map((text) => JSON.parse(text)[0] as string);
  const of = (name: string) => join(trial.directory, 'state/releases', id, name);
  await Promise.all(['ticket.md', 'incident.md'].map((name) => access(of(name))));
  return {
    release,
    company,
    cached,
    silences: kinds.filter((kind) => kind === 'silence').length,
    told: kinds.includes('slack'),
  };
}

describe('a rollback by hand that is killed at any write of its journal', () => {
  it('is complete once it is run again, with customers safe and nothing wrong left', async () => {
    const scene = await stage.brokenOff(firstLook);
    const { writes, end } = await stage.from(scene, async (trial) => {
      await withCustomers(trial);
      const before = (await trial.entries()).length;
      expect(await trial.run({ verb: 'rollback' })).toMatchObject({ code: 0, stderr: '' });
      return { writes: (await trial.entries()).length - before, end: await leftWith(trial) };
    });
    expect(end).toMatchObject({
      release: { outcome: 'rolled-back', rollback: { complete: true, customersSafe: true } },
      cached: sessions('staging'),
      silences: 1,
      told: true,
    });
    await sweep(`a rollback of ${writes} writes`, everyWrite(writes), (kill) =>
      stage.from(scene, async (trial) => {
        await withCustomers(trial);
        expect((await trial.run({ verb: 'rollback', kill })).signal).toBe('SIGKILL');
        expect(await trial.run({ verb: 'rollback' })).toMatchObject({ code: 0, stderr: '' });
        expect(differences(await leftWith(trial), end)).toEqual([]);
        expect(await trial.leases()).not.toBe('held');
      }),
    );
  }, 900_000);
});
