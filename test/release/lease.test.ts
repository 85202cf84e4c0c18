import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAtProcess } from '../../src/base/process.ts';
import { ownMark, type ProcessMark } from '../../src/base/process-mark.ts';
import { FileLeaseStore } from '../../src/release/file-lease-store.ts';
import { type Lease, leaseTtlMs } from '../../src/release/lease.ts';
import type { LeaseStore } from '../../src/release/lease-store.ts';
import { type AcquireOptions, type LeaseOptions, Leases } from '../../src/release/leases.ts';
import { HandTime } from './hand-clock.ts';
import { endMongodb, stores } from './store-kinds.ts';

const tenMinutes = 600_000;
const elsewhere: ProcessMark = { host: 'other', pid: 7, boot: 'b', space: 's', started: '1' };

afterAll(endMongodb);

describe.each(stores)('a lease in $name', ({ open }) => {
  let store: LeaseStore;
  let time: HandTime;
  let end: () => Promise<void>;
  const held: Lease[] = [];

  beforeEach(async () => {
    time = new HandTime();
    const opened = await open(time.clock());
    store = opened.leases;
    end = opened.end;
  });
  afterEach(async () => {
    for (const lease of held.splice(0)) await lease.release();
    await end();
  });

  /** The leases as a machine sees them whose clock is so far ahead. */
  function seenBy(here: ProcessMark = ownMark(), aheadMs = 0, options: LeaseOptions = {}): Leases {
    return new Leases(store, time.clock(aheadMs), { here, ...options });
  }

  async function take(by: Leases, release: string, how: AcquireOptions = {}): Promise<Lease> {
    const lease = await by.acquire('production', release, 'Alex', how);
    held.push(lease);
    return lease;
  }

  async function raise(by: Leases, release = 'rollback'): Promise<Lease> {
    const lease = await by.raise('production', release, 'On-call');
    held.push(lease);
    return lease;
  }

  /** The holder renews every ten seconds by its own clock, as one that lives does. */
  function keepsRenewing(aheadMs: number): void {
    const clock = time.clock(aheadMs);
    let due = 10_000;
    time.onWait = async (elapsed) => {
      for (; elapsed >= due; due += 10_000) {
        const from = await store.read('production');
        if (from.holder === null) return;
        const expires = new Date(clock.now() + leaseTtlMs).toISOString();
        const holder = { ...from.holder, expires };
        await store.replace(from, { ...from, renewal: from.renewal + 1, holder });
      }
    };
  }

  it('lets exactly one of many have it, and names the holder to the others', async () => {
    const all = seenBy();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => take(all, `r${i}`)),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const refused = tries.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'LEASE_HELD', exitCode: 7 });
      expect(String(reason.message)).toMatch(/release r\d of Alex since 2026-.* \(process \d+\)/);
    }
  });

  it('gives every holder a higher number than the one before', async () => {
    const first = await take(seenBy(), 'r1');
    await first.release();
    expect(await store.read('production')).toMatchObject({ fence: 1, holder: null });
    const second = await take(seenBy(), 'r2');
    expect([second.fence, second.takenFrom]).toEqual([2, null]);
  });

  it('keeps the environments apart', async () => {
    await take(seenBy(), 'r1');
    const other = await seenBy().acquire('staging', 'r2', 'Alex');
    held.push(other);
    expect(other.fence).toBe(1);
    await other.check();
  });

  it('tells a holder that was overtaken, before it acts', async () => {
    const mine = await take(seenBy(), 'r1');
    await mine.check();
    const theirs = await raise(seenBy());
    expect(theirs.takenFrom).toMatchObject({ release: 'r1', actor: 'Alex', why: 'rollback' });
    await expect(mine.check()).rejects.toMatchObject({
      code: 'LEASE_LOST',
      exitCode: 7,
      message: 'On-call (rollback) took over production: the fence is 2, ours was 1',
    });
  });

  it('does not give back what another holds by now', async () => {
    const mine = await take(seenBy(), 'r1');
    const theirs = await raise(seenBy());
    await mine.release();
    await theirs.check();
    expect((await store.read('production')).holder?.release).toBe('rollback');
  });

  it('raises the number whoever holds it, and however often at once', async () => {
    await take(seenBy(), 'r1');
    const raised = await Promise.all(Array.from({ length: 8 }, () => raise(seenBy())));
    expect(new Set(raised.map(({ fence }) => fence)).size).toBe(8);
    const checks = await Promise.allSettled(raised.map((lease) => lease.check()));
    expect(checks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('tells every holder at once whether its number still counts', async () => {
    const first = await raise(seenBy());
    const second = await raise(seenBy());
    const numbers = [first.fence, second.fence, second.fence + 1];
    const held = await Promise.all(numbers.map((number) => store.holds('production', number)));
    expect(held).toEqual([false, true, false]);
    expect(await store.holds('staging', 1)).toBe(false);
  });

  it('changes nothing for whoever knows an older record', async () => {
    const old = await store.read('production');
    const mine = await take(seenBy(), 'r1');
    const first = await store.read('production');
    const renewed = { ...first, renewal: 1 };
    expect(await store.replace(first, renewed)).toBe(true);
    expect(await store.replace(first, { ...first, renewal: 1, holder: null })).toBe(false);
    expect(await store.replace(old, { ...old, fence: 1 })).toBe(false);
    expect(await store.read('production')).toEqual(renewed);
    await mine.release();
    expect(await store.read('production')).toMatchObject({ fence: 1, renewal: 2, holder: null });
  });

  it('is renewed while it is held', async () => {
    const mine = await take(seenBy(ownMark(), 0, { ttlMs: 300 }), 'r1');
    await vi.waitFor(
      async () => expect((await store.read('production')).renewal).toBeGreaterThan(1),
      { timeout: 5_000 },
    );
    await mine.check();
  });

  it('is kept by a holder that was paused for long and that nobody overtook', async () => {
    const mine = await take(seenBy(), 'r1');
    time.elapsed += 10 * leaseTtlMs;
    expect(await seenBy().holder('production')).toBeNull();
    await mine.check();
    expect((await store.read('production')).renewal).toBe(1);
    expect((await seenBy().holder('production'))?.release).toBe('r1');
  });

  it('is lost to a holder that was paused while another took it', async () => {
    const mine = await take(seenBy(elsewhere), 'r1');
    time.elapsed += leaseTtlMs;
    const theirs = await take(seenBy(), 'r2');
    expect(theirs.takenFrom).toMatchObject({ release: 'r1', host: 'other', why: 'expired' });
    await expect(mine.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await mine.release();
    await theirs.check();
  });

  it('is taken at once from a process of this machine that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const started = lookAtProcess(pid)?.started ?? null;
    await take(seenBy({ ...ownMark(), pid, started }), 'r1');
    await expect(take(seenBy(), 'r2')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lease = await take(seenBy(), 'r2');
    expect(lease.takenFrom).toMatchObject({ release: 'r1', why: 'dead' });
    expect(time.elapsed).toBe(0);
  });

  it('does not take a process that got the id of a dead one for the holder', async () => {
    await take(seenBy({ ...ownMark(), started: '1' }), 'r1');
    expect((await take(seenBy(), 'r2')).takenFrom).toMatchObject({ why: 'dead' });
  });

  it('does not judge a process of another machine by an id of this one', async () => {
    const gone = 2 ** 22 - 1;
    for (const other of [{ host: 'other' }, { boot: 'another' }, { space: 'another' }]) {
      const lease = await take(seenBy({ ...ownMark(), pid: gone, ...other }), 'r1');
      await expect(take(seenBy(), 'r2')).rejects.toMatchObject({ code: 'LEASE_HELD' });
      await lease.release();
    }
  });

  describe.each([-tenMinutes, 0, tenMinutes])('of a holder whose clock is %i ms ahead', (ahead) => {
    it.each([
      'silent',
      'all',
    ] as const)('is left to one that renews (%s watched)', async (watch) => {
      const mine = await take(seenBy(elsewhere, ahead), 'r1');
      keepsRenewing(ahead);
      for (let tries = 0; tries < 5; tries += 1) {
        await expect(take(seenBy(), 'r2', { watch })).rejects.toMatchObject({
          code: 'LEASE_HELD',
        });
      }
      await mine.check();
    });

    it('is taken from one that is dead, and the dead one does not come back', async () => {
      const mine = await take(seenBy(elsewhere, ahead), 'r1');
      time.elapsed += leaseTtlMs;
      const since = time.elapsed;
      const theirs = await take(seenBy(), 'r2', { watch: 'all' });
      expect(time.elapsed - since).toBe(ahead > 0 ? leaseTtlMs : leaseTtlMs / 2);
      expect(theirs.fence).toBe(2);
      await expect(mine.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await theirs.check();
    });
  });

  it('is believed to be held while its time is not over, unless it is watched', async () => {
    await take(seenBy(elsewhere, tenMinutes), 'r1');
    time.elapsed += 2 * leaseTtlMs;
    await expect(take(seenBy(), 'r2')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(time.elapsed).toBe(2 * leaseTtlMs);
  });

  it('is taken by whoever watches as soon as it is given back', async () => {
    const mine = await take(seenBy(elsewhere), 'r1');
    time.onWait = (elapsed) => (elapsed >= 5_000 ? mine.release() : undefined);
    expect((await take(seenBy(), 'r2', { watch: 'all' })).takenFrom).toBeNull();
    expect(time.elapsed).toBeLessThan(6_000);
  });

  it('is watched no longer than its watcher is wanted', async () => {
    await take(seenBy(elsewhere), 'r1');
    const controller = new AbortController();
    time.onWait = () => controller.abort(new Error('Ctrl-C'));
    const watching = take(seenBy(), 'r2', { watch: 'all', signal: controller.signal });
    await expect(watching).rejects.toThrow('Ctrl-C');
  });
});

describe('a look at leases in files', () => {
  it('is shared by whoever asks at once, and by nobody who asks after it began', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aurora-leases-'));
    const store = new FileLeaseStore(directory);
    const file = (fence: number) => join(directory, 'leases', `production.${fence}.json`);
    mkdirSync(join(directory, 'leases'));
    writeFileSync(file(1), '');
    for (let fence = 1; fence < 40; fence += 1) {
      const early = [store.holds('production', fence), store.holds('staging', fence)];
      // The look has begun: now the number is raised, and only then does somebody else ask.
      await Promise.resolve();
      await Promise.resolve();
      writeFileSync(file(fence + 1), '');
      expect(await store.holds('production', fence)).toBe(false);
      await Promise.all(early);
    }
    await rm(directory, { recursive: true });
  });
});
