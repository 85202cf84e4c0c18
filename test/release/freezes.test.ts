import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Freeze } from '../../src/plan/freeze.ts';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import { emergencyRollback } from '../../src/release/emergency.ts';
import type { Engine } from '../../src/release/engine.ts';
import { judgeOverride } from '../../src/release/judge-override.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { approversOf, omar, rita, signerOf } from './people.ts';
import { clockAt, dataOf, wayEngine } from './ways.ts';
import { approval, digests, effect, flagAt, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const wall = (text: string) => Date.parse(`${text}Z`);
const blackWeek: Freeze = {
  name: 'Black Week',
  zone: 'Europe/Oslo',
  when: 'once',
  from: wall('2026-11-23T00:00'),
  to: wall('2026-12-01T00:00'),
};
const fridays: Freeze = {
  name: 'Fridays',
  zone: 'Europe/Oslo',
  when: 'weekly',
  days: [5],
  from: 0,
  to: 24 * 60,
};
const freezes: readonly Freeze[] = [blackWeek];
const outsideIt = '2026-11-20T12:00:00Z';
const inside = '2026-11-25T12:00:00Z';
const production = { environment: 'production' };
const toProduction = [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
];
const quiet = step(1, [flagAt(0)]);
const deploy = step(2, [...toProduction, flagAt(5)]);
const frozen = { code: 'FREEZE_WINDOW', exitCode: 3 };

function at(iso: string, change: Partial<Engine> = {}, windows = freezes) {
  return wayEngine(world, [quiet, deploy], { freezes: windows }, { ...clockAt(iso), ...change });
}

async function journal(release: string): Promise<string> {
  return JSON.stringify(await at(inside).store.read(release));
}

describe('a freeze window', () => {
  it('lets no release begin, says until when on both walls, and leaves nothing behind', async () => {
    const engine = at(inside);
    const refusal = startRelease(engine, '1.4.0');
    await expect(refusal).rejects.toMatchObject({
      ...frozen,
      message: expect.stringContaining(
        '"Black Week" holds until Tue, 1 Dec 2026, 00:00 in Europe/Oslo',
      ),
      remedy: expect.stringContaining('A Release Manager with a key may add: --override "reason"'),
    });
    expect(await engine.store.list()).toEqual([]);
    expect(await engine.leases.holder('production')).toBeNull();
    expect(world.acts).toEqual([]);
  });

  it('lets a release pass before and after it', async () => {
    expect((await startRelease(at('2026-11-22T22:59:00Z'), '1.4.0', { until: 1 })).exit).toBe(0);
    expect((await startRelease(at('2026-11-30T23:00:00Z'), '1.4.0', { until: 1 })).exit).toBe(0);
  });

  it('lets no release go on that customers have not met, and not a byte is written', async () => {
    const { release } = await startRelease(at(outsideIt), '1.4.0', { until: 1 });
    const before = await journal(release);
    await expect(resumeRelease(at(inside), release)).rejects.toMatchObject(frozen);
    expect(await journal(release)).toBe(before);
    expect((await resumeRelease(at('2026-12-02T12:00:00Z'), release)).exit).toBe(0);
  });

  it('that begins on the way stops a release before customers can notice, and it resumes later', async () => {
    const moving = clockAt(outsideIt);
    const engine = at(outsideIt, {
      clock: moving.clock,
      onEntry: (entry) => {
        if (entry.type === 'step.ended') moving.to(inside);
      },
    });
    await expect(startRelease(engine, '1.4.0')).rejects.toMatchObject(frozen);
    expect(world.acts).toEqual([]);
    const [release = ''] = await engine.store.list();
    const after = await resumeRelease(at('2026-12-02T12:00:00Z'), release);
    expect(after.exit).toBe(0);
    expect(after.state.failure).toBeNull();
  });

  it('stops nobody who has met the candidate already', async () => {
    const steps = [
      step(1, [...toProduction, flagAt(5)]),
      step(2, [effect('promote', production), flagAt(5)]),
    ];
    const engine = (iso: string) => wayEngine(world, steps, { freezes }, clockAt(iso));
    const { release } = await startRelease(engine(outsideIt), '1.4.0', { until: 1 });
    const { state } = await resumeRelease(engine(inside), release);
    expect(state.effects.get('2/promote/production')?.status).toBe('done');
  });

  it('never asks a rollback', async () => {
    const engine = at(outsideIt);
    const { release } = await startRelease(engine, '1.4.0');
    const result = await emergencyRollback(at(inside), { reason: 'errors', only: null }, release);
    expect(result.exit).toBe(0);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
  });
});

describe('an override of a freeze', () => {
  const override = 'hotfix for checkout';

  it('by a permitted person lets the release pass, signed and written down once', async () => {
    const { release, state } = await startRelease(at(inside), '1.4.0', { override, until: 1 });
    expect(state.overrides).toMatchObject([
      {
        subject: 'freeze',
        about: 'Black Week',
        by: rita.id,
        role: 'Release Manager',
        reason: override,
        signed: true,
      },
    ]);
    const resumed = await resumeRelease(at(inside), release);
    expect(resumed.exit).toBe(0);
    expect(resumed.state.overrides).toHaveLength(1);
    const [{ statement = '', signature = null, key = null } = {}] = resumed.state.overrides;
    expect(key?.fingerprint).toBe(fingerprint(rita.key.publicKey));
    const about = {
      subject: 'freeze',
      about: 'Black Week',
      release,
      plan: digests.plan,
      build: digests.candidate,
    } as const;
    const by = { approvers: approversOf(rita), roles: ['Release Manager'], now: Date.now() };
    expect(judgeOverride({ statement, signature }, about, by)).toEqual({ counts: true });
  });

  it('is wanted of every window that holds, and not where none does', async () => {
    const both = [blackWeek, fridays];
    const friday = '2026-11-27T12:00:00Z';
    const { state } = await startRelease(at(friday, {}, both), '1.4.0', { override, until: 1 });
    expect(state.overrides.map(({ about }) => about).sort()).toEqual(['Black Week', 'Fridays']);
    const free = await startRelease(at(outsideIt), '1.4.0', { override, until: 1 });
    expect(free.state.overrides).toEqual([]);
  });

  it('of one window does not help against another', async () => {
    const both = [blackWeek, fridays];
    const { release } = await startRelease(at(inside, {}, both), '1.4.0', { override, until: 1 });
    const friday = '2026-11-27T12:00:00Z';
    await expect(resumeRelease(at(friday, {}, both), release)).rejects.toMatchObject({
      ...frozen,
      message: expect.stringContaining('"Fridays"'),
    });
    const more = await resumeRelease(at(friday, {}, both), release, { override: 'still broken' });
    expect(more.state.overrides.map(({ reason }) => reason)).toEqual([override, 'still broken']);
  });

  it('counts no longer once the key that signed it was revoked', async () => {
    const { release } = await startRelease(at(inside), '1.4.0', { override, until: 1 });
    const revoked = [{ fingerprint: fingerprint(rita.key.publicKey), comment: 'lost' }];
    world.approvers = { ...approversOf(rita), revoked };
    await expect(resumeRelease(at(inside), release)).rejects.toMatchObject(frozen);
  });

  it.each([
    [
      'by somebody of another role',
      async () => signerOf(omar),
      override,
      'OVERRIDE_REFUSED',
      'Omar V. may not',
    ],
    ['without a key', async () => null, override, 'OVERRIDE_UNSIGNED', 'no key'],
    ['without words', async () => signerOf(rita), '  ', 'USAGE', 'needs a reason'],
  ])('%s is refused, with nothing begun', async (_what, signer, reason, code, message) => {
    const engine = at(inside, { signer });
    await expect(startRelease(engine, '1.4.0', { override: reason })).rejects.toMatchObject({
      ...{ code, exitCode: 2 },
      message: expect.stringContaining(message),
    });
    expect(await engine.store.list()).toEqual([]);
  });

  it('by a key that nobody listed has is refused, and so is any where the plan permits nobody', async () => {
    world.approvers = approversOf(omar);
    await expect(startRelease(at(inside), '1.4.0', { override })).rejects.toMatchObject({
      code: 'OVERRIDE_REFUSED',
      message: expect.stringContaining('nobody in the approvers file has the key'),
    });
    const nobody = wayEngine(
      world,
      [quiet],
      { freezes, overrides: { roles: [] } },
      clockAt(inside),
    );
    await expect(startRelease(nobody, '1.4.0', { override })).rejects.toMatchObject({
      code: 'OVERRIDE_REFUSED',
    });
    await expect(startRelease(nobody, '1.4.0')).rejects.toMatchObject({
      remedy: expect.stringContaining('The plan lets nobody override it'),
    });
  });

  it('by an agent that signs with another key than it showed is refused', async () => {
    const forger = { ...signerOf(rita), sign: signerOf(omar).sign };
    const engine = at(inside, { signer: async () => forger });
    await expect(startRelease(engine, '1.4.0', { override })).rejects.toMatchObject({
      code: 'OVERRIDE_REFUSED',
    });
  });

  it('may be given on the way, for the window that came over a wait', async () => {
    const steps = [step(1, [flagAt(0), approval()]), deploy];
    const engine = (iso: string) => wayEngine(world, steps, { freezes }, clockAt(iso));
    const { release } = await startRelease(engine(outsideIt), '1.4.0');
    await expect(resumeRelease(engine(inside), release)).rejects.toMatchObject(frozen);
    const going = engine(inside);
    await resumeRelease(going, release, { override });
    expect(dataOf(going.entries, 'override.given')).toHaveLength(1);
  });
});
