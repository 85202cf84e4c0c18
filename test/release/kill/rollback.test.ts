import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** A release in the middle of its canary, its process dead, with customers in cache and CDN. */
async function inCanary(trial: Trial): Promise<number> {
  const canary = await firstLook(trial);
  trial.company.state.cached.push(bundlePath(stage.builds.candidate));
  await withCache(trial, async (cache) => {
    for (const key of [...sessions('staging'), ...sessions('production')])
      await cache.set(key, '1');
  });
  return canary;
}

/** Kills a release at the first look of its canary; how many entries it has by then. */
async function firstLook(trial: Trial): Promise<number> {
  const kill = { write: await canaryWrite(), moment: 'after' } as const;
  expect((await trial.run({ verb: 'release', kill })).signal).toBe('SIGKILL');
  return (await trial.entries()).length;
}

let known: Promise<number> | undefined;
function canaryWrite(): Promise<number> {
  known ??= stage.within(async (trial) => {
    expect((await trial.run({ verb: 'release' })).code).toBe(0);
    const look = (await trial.entries()).find(
      (entry) => entry.type === 'watch.progress' && entry.data.step === 7,
    );
    return look?.seq ?? Number.NaN;
  });
  return known;
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
    const { writes, end } = await stage.within(async (trial) => {
      const before = await inCanary(trial);
      expect(await trial.run({ verb: 'rollback' })).toMatchObject({ code: 0, stderr: '' });
      return { writes: (await trial.entries()).length - before, end: await leftWith(trial) };
    });
    expect(end).toMatchObject({
      release: { outcome: 'rolled-back', rollback: { complete: true, customersSafe: true } },
      cached: sessions('staging'),
      silences: 1,
      told: true,
    });
    await sweep(`a rollback of ${writes} writes`, everyWrite(1, writes, 3), (kill) =>
      stage.within(async (trial) => {
        await inCanary(trial);
        expect((await trial.run({ verb: 'rollback', kill })).signal).toBe('SIGKILL');
        expect(await trial.run({ verb: 'rollback' })).toMatchObject({ code: 0, stderr: '' });
        expect(differences(await leftWith(trial), end)).toEqual([]);
        expect(await trial.leases()).not.toBe('held');
      }),
    );
  }, 900_000);
});
