import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import type { WishNote } from '../../src/release/inbox.ts';
import { resumeRelease, settleWish, startRelease } from '../../src/release/run-release.ts';
import type { MetricsService } from '../../src/services/metrics/metrics.ts';
import { dataOf, wayEngine } from './ways.ts';
import { approval, effect, flagAt, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const staging = { environment: 'staging' };
const canaryRules = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const toProduction = [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
  flagAt(5),
];
const onStaging = step(1, [
  effect('start-slot', staging),
  effect('switch-traffic', staging),
  flagAt(0),
]);
const waiting = step(2, [flagAt(0), approval()]);
const watching = step(
  2,
  [
    {
      type: 'check',
      kind: 'canary',
      params: { ...production, for: '30 min', every: '10 min', extend: '15 min' },
    },
  ],
  canaryRules,
);

function wish(release: string, what: WishNote['wish'], change: Partial<WishNote> = {}): WishNote {
  return {
    ...{ v: 2, note: 'wish', release, wish: what, by: 'Maya T.', reason: 'lunch' },
    ...{ at: new Date().toISOString(), ...change },
  };
}

/** Starts a release and resolves with its id at the first such entry; `ended` is its whole run. */
async function running(
  engine: Engine & { entries: JournalEntry[] },
  type: JournalEntry['type'],
  number = 1,
) {
  const ended = startRelease(engine, '1.4.0');
  // Whoever awaits it sees its error.
  ended.catch(() => undefined);
  await vi.waitFor(
    () =>
      expect(engine.entries.filter((entry) => entry.type === type).length).toBeGreaterThanOrEqual(
        number,
      ),
    { timeout: 5_000, interval: 10 },
  );
  return { release: engine.entries[0]?.release ?? '', ended };
}

/** Offers a wish and resolves once the release that runs has read it. */
function hearing(engine: Engine & { entries: JournalEntry[] }) {
  const { store } = engine;
  const inbox = store.inbox.bind(store);
  let read = false;
  store.inbox = async (release) => {
    const notes = await inbox(release);
    // What was read is acted on before anything else gets its turn.
    if (notes.length > 0) setImmediate(() => (read = true));
    return notes;
  };
  const offerAndHear = async (what: WishNote['wish']) => {
    await store.offer(wish(engine.entries[0]?.release ?? '', what));
    await vi.waitFor(() => expect(read).toBe(true), { timeout: 5_000, interval: 20 });
  };
  return { offerAndHear };
}

/** How long a promise takes, milliseconds. */
async function timed<T>(promise: Promise<T>): Promise<readonly [T, number]> {
  const begin = performance.now();
  return [await promise, performance.now() - begin];
}

const patient = { approvalWaitMs: 60_000 };

describe('a wish to pause', () => {
  it('is heard within a second by a release that waits for a word, which resumes where it stood', async () => {
    const engine = wayEngine(world, [onStaging, waiting], {}, patient);
    const { release, ended } = await running(engine, 'approval.requested');
    await engine.store.offer(wish(release, 'pause'));
    const [{ exit, state }, took] = await timed(ended);
    expect(exit).toBe(4);
    expect(took).toBeLessThan(1_500);
    expect(state.status).toBe('held');
    expect(state.hold).toEqual({ step: 2, waitsFor: 'person', reason: 'paused by Maya T.: lunch' });
    expect(await engine.leases.holder('production')).toBeNull();
    const resumed = await resumeRelease(wayEngine(world, [onStaging, waiting]), release);
    expect([resumed.exit, resumed.state.status]).toEqual([4, 'waiting']);
    expect(resumed.state.steps.get(2)?.request?.binding.nonce).toBe(
      state.steps.get(2)?.request?.binding.nonce,
    );
  });

  it('leaves a canary watch cleanly: nothing is concluded from half of it', async () => {
    const read = async () => ({
      ...{ at: Date.now(), epoch: '1', endpoints: {} },
      ...{ sessions: { n: 0, bad: 0 }, csat: { great: 0, needsFollowUp: 0 } },
    });
    const metrics: MetricsService = {
      label: 'metrics',
      health: async () => ({ ok: true, detail: 'here' }),
      lagMs: 0,
      read,
      traffic: async () => ({ counts: await read(), durationMs: 1, over: 'a moment' }),
    };
    const services = { ...world.services(), metrics: async () => metrics };
    const steps = [step(1, toProduction), watching];
    const engine = wayEngine(world, steps, { directory: shippedChecklists() }, { services });
    const { release, ended } = await running(engine, 'watch.progress');
    await engine.store.offer(wish(release, 'pause'));
    const { exit, state } = await ended;
    expect([exit, state.hold?.waitsFor]).toEqual([4, 'person']);
    expect(state.steps.get(2)).toMatchObject({ status: 'running', checks: [], verdict: null });
    // The candidate keeps its share: it is for a person to decide.
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(true);
  });

  it('waits for the end of an act, and of no more than that', async () => {
    const engine = wayEngine(world, [onStaging, waiting], {}, patient);
    const { offerAndHear } = hearing(engine);
    const { driver } = engine.services;
    const services: Engine['services'] = {
      ...engine.services,
      driver: async (environment) => {
        const own = await driver(environment);
        const start: typeof own.prepare.start = (order) => {
          const prepared = own.prepare.start(order);
          const send: typeof prepared.send = async (signal) => {
            await offerAndHear('pause');
            signal.throwIfAborted();
            return prepared.send(signal);
          };
          return { ...prepared, send };
        };
        return { ...own, prepare: { ...own.prepare, start } };
      },
    };
    const { state } = await startRelease({ ...engine, services }, '1.4.0');
    const [act, later] = [
      state.effects.get('1/start-slot/staging'),
      state.effects.get('1/switch-traffic/staging'),
    ];
    expect([act?.status, later, state.hold?.waitsFor]).toEqual(['done', undefined, 'person']);
  });

  it('of the time before a release went on is passed over: resuming is the newer word', async () => {
    const { release } = await startRelease(wayEngine(world, [onStaging, waiting]), '1.4.0');
    const engine = wayEngine(world, [onStaging, waiting], {}, { approvalWaitMs: 1_500 });
    await engine.store.offer(wish(release, 'pause'));
    await engine.store.offer(wish(release, 'abort'));
    const { state } = await resumeRelease(engine, release);
    expect([state.status, state.hold?.waitsFor]).toEqual(['waiting', 'approval']);
  });

  it('never holds up the rollback of a gate that was just seen to be red', async () => {
    const red = step(2, [flagAt(50)], canaryRules);
    const engine = wayEngine(world, [step(1, toProduction), red]);
    const { offerAndHear } = hearing(engine);
    const { flags } = engine.services;
    let offered = false;
    const services: Engine['services'] = {
      ...engine.services,
      flags: async () => {
        const own = await flags();
        const read: typeof own.read = async (...args) => {
          const atGate = engine.entries.some(
            (one) => one.type === 'step.started' && one.data.step === 2,
          );
          if (atGate && !offered) {
            offered = true;
            await offerAndHear('pause');
          }
          return own.read(...args);
        };
        return { ...own, read };
      },
    };
    const { exit, state } = await startRelease({ ...engine, services }, '1.4.0');
    expect([offered, exit, state.outcome]).toEqual([true, 5, 'rolled-back']);
  });

  it('does it itself where nobody runs the release', async () => {
    const { release } = await startRelease(wayEngine(world, [onStaging, waiting]), '1.4.0');
    const { state, exit } = await settleWish(
      wayEngine(world, [onStaging, waiting]),
      wish(release, 'pause', { reason: '' }),
    );
    expect([exit, state.hold]).toEqual([
      4,
      { step: 2, waitsFor: 'person', reason: 'paused by Maya T.' },
    ]);
  });

  it('asks for a lease like everybody, and is refused for what has ended', async () => {
    const engine = wayEngine(world, [onStaging, waiting]);
    const { release } = await startRelease(engine, '1.4.0');
    const lease = await engine.leases.acquire('production', 'other', 'Sam K.');
    await expect(settleWish(engine, wish(release, 'pause'))).rejects.toMatchObject({ exitCode: 7 });
    await lease.release();
    await settleWish(engine, wish(release, 'abort'));
    await expect(settleWish(engine, wish(release, 'pause'))).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      message: expect.stringContaining('aborted'),
    });
  });

  it('and Ctrl-C together are Ctrl-C', async () => {
    const interrupted = new AbortController();
    setMaxListeners(0, interrupted.signal);
    const engine = wayEngine(
      world,
      [onStaging, waiting],
      {},
      { ...patient, signal: interrupted.signal },
    );
    const { release, ended } = await running(engine, 'approval.requested');
    await engine.store.offer(wish(release, 'pause'));
    interrupted.abort(new AuroraError('INTERRUPTED', 'stopped by SIGINT'));
    await expect(ended).rejects.toMatchObject({ exitCode: 130 });
    expect(dataOf(engine.entries, 'release.held')).toEqual([]);
    expect(await engine.leases.holder('production')).toBeNull();
  });
});

describe('a wish to abort', () => {
  it('puts back what was done, newest first, and ends the release', async () => {
    const engine = wayEngine(world, [onStaging, waiting], {}, patient);
    const { release, ended } = await running(engine, 'approval.requested');
    await engine.store.offer(wish(release, 'abort'));
    const { exit, state } = await ended;
    expect([exit, state.outcome, state.ended?.reason]).toEqual([
      3,
      'aborted',
      'aborted by Maya T.: lunch',
    ]);
    expect(world.acts).toEqual([
      ...['start staging green', 'route staging green/null'],
      ...['route staging blue/null', 'stop staging green'],
    ]);
    expect(world.traffic.staging).toEqual({ stable: 'blue', candidate: null });
    await expect(
      resumeRelease(wayEngine(world, [onStaging, waiting]), release),
    ).rejects.toMatchObject({
      code: 'RELEASE_STATE',
    });
  });

  it('that comes once customers have met the candidate holds, and says that a rollback is the way', async () => {
    const steps = [step(1, toProduction), step(2, [flagAt(5), approval()])];
    const engine = wayEngine(world, steps, {}, patient);
    const { release, ended } = await running(engine, 'approval.requested');
    await engine.store.offer(wish(release, 'abort'));
    const { exit, state } = await ended;
    expect([exit, state.hold?.waitsFor]).toEqual([4, 'person']);
    expect(state.hold?.reason).toContain('production was touched already');
    await expect(settleWish(wayEngine(world, steps), wish(release, 'abort'))).rejects.toMatchObject(
      {
        code: 'RELEASE_STATE',
        remedy: expect.stringContaining(`aurora rollback ${release}`),
      },
    );
  });

  it('says what could not be put back', async () => {
    const { release } = await startRelease(wayEngine(world, [onStaging, waiting]), '1.4.0');
    const engine = wayEngine(world, [onStaging, waiting]);
    const { driver } = engine.services;
    const services: Engine['services'] = {
      ...engine.services,
      driver: async (environment) => ({
        ...(await driver(environment)),
        stop: async () => undefined,
      }),
    };
    const { state } = await settleWish({ ...engine, services }, wish(release, 'abort'));
    expect(state.outcome).toBe('aborted');
    expect(state.ended?.reason).toMatch(
      /could not be put back: start 1\.4\.0 in the idle slot of staging$/,
    );
  });

  it('takes up a release whose process died in the middle of an act', async () => {
    const engine = wayEngine(world, [step(1, [effect('start-slot', staging), flagAt(0)]), waiting]);
    const writer = await engine.store.create('20261122-000000-1.4.0-dead', 'Alex W.');
    const { release } = await startRelease(engine, '1.4.0', { until: 1 });
    for (const { type, data } of (await engine.store.read(release)).filter(
      ({ type }) => type !== 'effect.done' && type !== 'lease.acquired',
    )) {
      await writer.append(type, data);
      if (type === 'effect.started') break;
    }
    await writer.close();
    const { exit, state } = await settleWish(engine, wish(writer.release, 'abort'));
    expect([exit, state.outcome]).toEqual([3, 'aborted']);
    // Whether it had been done nobody knew; now it is not.
    expect(state.effects.get('1/start-slot/staging')?.status).toBe('undone');
    expect(world.slots.has('staging/green')).toBe(false);
  });
});
