import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { writeFileAtomic } from '../../src/base/files.ts';
import { FileLeases, type Lease, leaseTtlMs } from '../../src/release/lease.ts';

let directory = '';
let leases: FileLeases;
const held: Lease[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-lease-'));
  leases = new FileLeases(directory, systemClock);
});
afterEach(async () => {
  for (const lease of held.splice(0)) await lease.release();
  await rm(directory, { recursive: true, force: true });
});

async function take(by: FileLeases, release: string): Promise<Lease> {
  const lease = await by.acquire('production', release, 'Alex');
  held.push(lease);
  return lease;
}

describe('lease', () => {
  it('lets exactly one of many have it, and names the holder to the others', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => take(leases, `r${i}`)),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const refused = tries.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'LEASE_HELD', exitCode: 7 });
    expect(String(refused?.reason.message)).toMatch(/release r\d of Alex/);
  });

  it('gives every holder a higher number than the one before', async () => {
    const first = await take(leases, 'r1');
    await first.release();
    const second = await take(leases, 'r2');
    expect(second.fence).toBe(first.fence + 1);
  });

  it('tells a holder that was overtaken, before it acts', async () => {
    const mine = await take(leases, 'r1');
    await mine.check();
    held.push(await leases.raise('production', 'rollback', 'On-call'));
    await expect(mine.check()).rejects.toMatchObject({ code: 'LEASE_LOST', exitCode: 7 });
  });

  it('does not give back what another holds by now', async () => {
    const mine = await take(leases, 'r1');
    const theirs = await leases.raise('production', 'rollback', 'On-call');
    held.push(theirs);
    await mine.release();
    await theirs.check();
    expect((await leases.read('production')).holder?.release).toBe('rollback');
  });

  it('can be taken over from a holder that has expired', async () => {
    await take(leases, 'r1');
    const later: Clock = { ...systemClock, now: () => Date.now() + leaseTtlMs + 1 };
    const second = await take(new FileLeases(directory, later), 'r2');
    expect(second.fence).toBe(2);
  });

  it('does not wait for a dead process of this machine', async () => {
    const mine = await take(leases, 'r1');
    const record = await leases.read('production');
    const dead = { ...record, holder: { ...record.holder, pid: 2 ** 22 - 1 } };
    await writeFileAtomic(join(directory, 'leases/production.json'), JSON.stringify(dead));
    expect(await leases.holder('production')).toBeNull();
    expect((await take(leases, 'r2')).fence).toBe(mine.fence + 1);
  });
});
