import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessMark } from '../../src/base/process-mark.ts';
import { leaseTtlMs } from '../../src/release/lease.ts';
import { Leases } from '../../src/release/leases.ts';
import { ReleaseLog } from '../../src/release/release-log.ts';
import { acquired } from '../../src/release/right-to-act.ts';
import { takeOn } from '../../src/release/take-on.ts';
import type { WhenHeld } from '../../src/release/when-held.ts';
import { HandTime } from './hand-clock.ts';
import { endMongodb, type OpenedStore, stores } from './store-kinds.ts';

const tenMinutes = 600_000;
const machine = (host: string): ProcessMark => ({
  host,
  pid: 7,
  boot: 'b',
  space: 's',
  started: '1',
});

afterAll(endMongodb);

describe.each(stores)('two machines whose clocks differ, with $name', ({ open }) => {
  let opened: OpenedStore;
  let time: HandTime;
  const ending: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    time = new HandTime();
    opened = await open(time.clock());
  });
  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
    await opened.end();
  });

  /** A process of a machine, as it sees the store by its own clock. */
  function processOn(host: string, aheadMs: number) {
    const clock = time.clock(aheadMs);
    const { store, leases } = opened.another(clock);
    return {
      ...{ store, clock, actor: host, stateDirectory: opened.directory },
      leases: new Leases(leases, clock, { here: machine(host) }),
      signal: new AbortController().signal,
    };
  }

  async function begin(by: ReturnType<typeof processOn>, release: string, when?: WhenHeld) {
    const taken = await takeOn(by, release, when);
    const log = new ReleaseLog(
      await by.store.create(release, by.actor),
      () => undefined,
      taken.check,
    );
    ending.push(async () => {
      await log.close();
      await taken.drop();
    });
    for (const { environment, lease } of taken.held) {
      await log.append('lease.acquired', acquired(environment, lease, by.actor));
    }
    return { log, check: taken.check };
  }

  const waiting: WhenHeld = { kind: 'wait', withinMs: 10 * leaseTtlMs, onHeld: () => undefined };

  it.each([
    [-tenMinutes, 0],
    [tenMinutes, 0],
    [0, -tenMinutes],
    [0, tenMinutes],
    [-tenMinutes, tenMinutes],
  ])('has one writer when the holder is %i ms ahead, the other %i, and the holder was paused', async (holderAhead, otherAhead) => {
    const old = await begin(processOn('one', holderAhead), 'r1');
    const since = time.elapsed;
    const next = await begin(processOn('two', otherAhead), 'r2', waiting);
    // It never takes less than half a TTL to believe that another machine's holder is dead.
    const waited = time.elapsed - since;
    expect(waited).toBeGreaterThanOrEqual(leaseTtlMs / 2);
    expect(waited).toBeLessThanOrEqual(2 * leaseTtlMs + 1_000);

    const before = await opened.store.text('r1');
    expect(JSON.parse(before.text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'release.overtaken',
      data: { by: 'two', release: 'r2' },
    });
    await expect(old.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    for (let tries = 0; tries < 3; tries += 1) {
      const append = old.log.append('release.interrupted', { step: 1, signal: 'SIGINT' });
      await expect(append).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await next.check();
      await next.log.append('release.interrupted', { step: 1, signal: 'SIGINT' });
    }
    expect((await opened.store.text('r1')).text).toBe(before.text);
    expect(await opened.store.read('r2')).toHaveLength(5);
  });
});
