import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openFileLeases } from '../../src/release/file-lease-store.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { omarsWord } from './people.ts';
import { approval, digests, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const canaryRules = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const production = { environment: 'production' };

const toProduction = [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
];
const word = approval();

describe('release', () => {
  it('goes through its steps, promotes the candidate and writes what people need', async () => {
    const engine = world.engine(
      [
        step(1, [...toProduction, flagAt(5)]),
        step(2, [
          effect('set-cohort', { ...production, percent: 100 }),
          flagAt(100),
          effect('promote', production),
        ]),
      ],
      rollbackPhases,
    );
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(0);
    expect(state.outcome).toBe('released');
    expect(world.traffic.production).toEqual({ stable: 'green', candidate: null });
    expect(world.flag('AURORA_WIDGET_ENABLED').strategies.map((s) => [s.cohort, s.build])).toEqual([
      ['stable', digests.candidate],
    ]);
    expect(state.documents.map((document) => document.kind)).toEqual(['release-notes', 'ticket']);
    expect(state.facts.deployedAt).toBeTypeOf('number');
    // The build before stays up: a rollback needs no vault.
    expect(world.slots.get('production/blue')?.build).toBe(digests.stable);
  });

  it('ends no-go at a failed check and puts back what the step did', async () => {
    const before = structuredClone(world.flag('AURORA_WIDGET_ENABLED'));
    const engine = world.engine([step(1, [...toProduction, flagAt(50)])], rollbackPhases);
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(3);
    expect(state.outcome).toBe('no-go');
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(world.slots.has('production/green')).toBe(false);
    expect(world.flag('AURORA_WIDGET_ENABLED')).toEqual(before);
  });

  it('never claims to have put back what still shows', async () => {
    const engine = world.engine([step(1, [...toProduction, flagAt(50)])], rollbackPhases);
    const services = engine.services;
    const stubborn = async () => ({
      ...(await services.flags()),
      removeCohort: async () => undefined,
    });
    const { state } = await startRelease(
      { ...engine, services: { ...services, flags: stubborn } },
      '1.4.0',
    );
    const left = [...state.effects.values()].filter((one) => one.status === 'undo-failed');
    expect(left.map((one) => one.error?.message)).toEqual([expect.stringContaining('still so')]);
  });

  it('ends no-go when the candidate does not start, with production as before', async () => {
    world.dead.add('host-start');
    const engine = world.engine([step(1, [...toProduction, flagAt(5)])], rollbackPhases);
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(3);
    expect(state.ended?.reason).toMatch(/the process ended: exit 1/);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
  });

  it('holds on what could not be measured, says so, and goes on later', async () => {
    const steps = [step(1, [flagAt(0)], canaryRules)];
    world.dead.add('flags');
    const held = await startRelease(world.engine(steps, rollbackPhases), '1.4.0');
    expect(held.exit).toBe(4);
    expect(held.state.hold?.waitsFor).toBe('evidence');
    world.dead.clear();
    const resumed = await resumeRelease(world.engine(steps, rollbackPhases), held.release);
    expect(resumed.exit).toBe(0);
  });

  it('rolls back at a red canary: flags off, stable build, caches, people, record', async () => {
    const engine = world.engine(
      [step(1, [...toProduction, flagAt(5)]), step(2, [flagAt(6)], canaryRules)],
      rollbackPhases,
    );
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(5);
    expect(state.rollback?.ended).toMatchObject({
      complete: true,
      customersSafe: true,
      failed: [],
    });
    for (const name of [
      'AURORA_WIDGET_ENABLED',
      'AURORA_TIMELINE_ENABLED',
      'AURORA_RETURNS_ENABLED',
    ]) {
      expect(world.flag(name).enabled).toBe(false);
    }
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
    expect(world.slots.has('production/green')).toBe(false);
    expect(world.sessions).toBe(0);
    expect(world.notices[0]?.body).toContain('Step 2');
    expect(world.silences[0]?.endsAt).toBeGreaterThan(Date.now());
    expect(world.acts[world.acts.findIndex((act) => act.startsWith('off'))]).toContain(
      'AURORA_WIDGET_ENABLED+',
    );
  });

  it('waits for a word, ends with 4 without one, and goes on with the same evidence after it', async () => {
    const steps = [step(1, [flagAt(0), word])];
    const waiting = await startRelease(world.engine(steps, rollbackPhases), '1.4.0');
    expect(waiting.exit).toBe(4);
    expect(waiting.state.status).toBe('waiting');
    const request = waiting.state.steps.get(1)?.request;
    expect(request?.command).toContain(`aurora approve ${waiting.release} --step 1`);
    const engine = world.engine(steps, rollbackPhases);
    if (request === null || request === undefined) throw new Error('nothing was asked');
    await engine.store.offer(omarsWord({ ...request.binding, evidence: 'f'.repeat(64) }));
    await engine.store.offer(omarsWord(request.binding));
    const { exit, state } = await resumeRelease(engine, waiting.release);
    expect(exit).toBe(0);
    expect(state.steps.get(1)?.approvals).toMatchObject([{ name: 'Omar V.', signed: true }]);
    expect(engine.entries.filter((entry) => entry.type === 'approval.refused')).toHaveLength(1);
  });

  it('ends no-go when the word is a no', async () => {
    const steps = [step(1, [flagAt(0), word])];
    const waiting = await startRelease(world.engine(steps, rollbackPhases), '1.4.0');
    const request = waiting.state.steps.get(1)?.request;
    if (request === null || request === undefined) throw new Error('nothing was asked');
    const engine = world.engine(steps, rollbackPhases);
    const no = { decision: 'reject', comment: 'the offer card is cut off' } as const;
    await engine.store.offer(omarsWord(request.binding, no));
    const { exit, state } = await resumeRelease(engine, waiting.release);
    expect(exit).toBe(3);
    expect(state.ended?.reason).toContain('the offer card is cut off');
  });

  it('repeats no effect that is there already when it resumes', async () => {
    const steps = [step(1, [...toProduction, flagAt(5)]), step(2, [flagAt(5)], canaryRules)];
    world.dead.add('cache');
    const engine = world.engine(steps, rollbackPhases);
    const controller = new AbortController();
    const stopped = startRelease(
      {
        ...engine,
        signal: controller.signal,
        onEntry: (entry) => {
          if (entry.type === 'step.started' && entry.data.step === 2)
            controller.abort(new Error('killed'));
        },
      },
      '1.4.0',
    );
    await expect(stopped).rejects.toThrow('killed');
    const acts = [...world.acts];
    const [id = ''] = await engine.store.list();
    const { exit, state } = await resumeRelease(world.engine(steps, rollbackPhases), id);
    expect(exit).toBe(0);
    expect(world.acts).toEqual(acts);
    expect(state.steps.get(1)?.verdict).toBe('go');
  });

  it('changes nothing while another release holds the lease, and exits 7', async () => {
    const other = await openFileLeases(world.directory, systemClock).acquire(
      'production',
      'r1',
      'Maya',
    );
    const engine = world.engine([step(1, toProduction)], rollbackPhases);
    await expect(startRelease(engine, '1.4.0')).rejects.toMatchObject({
      code: 'LEASE_HELD',
      exitCode: 7,
    });
    expect(world.acts).toEqual([]);
    expect(await engine.store.list()).toEqual([]);
    await other.release();
  });

  it('can do nothing more once a rollback has raised the fence', async () => {
    const steps = [step(1, [flagAt(0), word, ...toProduction])];
    const engine = world.engine(steps, rollbackPhases, { approvalWaitMs: 10_000 });
    const running = startRelease(engine, '1.4.0');
    const request = await vi.waitUntil(() =>
      engine.entries.find((entry) => entry.type === 'approval.requested'),
    );
    const raised = await engine.leases.raise('production', 'rollback', 'On-call');
    if (request.type !== 'approval.requested') throw new Error('nothing was asked');
    await engine.store.offer(omarsWord(request.data.binding));
    await expect(running).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(world.acts).toEqual([]);
    await raised.release();
  });

  it('refuses to resume what has ended, and an unknown build before anything is changed', async () => {
    const engine = world.engine([step(1, [flagAt(0)])], rollbackPhases);
    const { release } = await startRelease(engine, '1.4.0');
    await expect(resumeRelease(engine, release)).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      exitCode: 2,
    });
    await expect(startRelease(engine, '9.9.9')).rejects.toMatchObject({
      code: 'BUILD_UNKNOWN',
      exitCode: 2,
    });
    expect(await engine.store.list()).toEqual([release]);
  });
});
