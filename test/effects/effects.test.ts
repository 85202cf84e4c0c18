import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReleaseFacts } from '../../src/checks/kind.ts';
import { manifestText } from '../../src/deploy/builds/manifest.ts';
import type { EffectContext } from '../../src/effects/effect.ts';
import { createEffect, effectKind, effectKinds } from '../../src/effects/registry.ts';
import { effectContext } from '../../src/release/run-context.ts';
import { emptyState } from '../../src/release/state.ts';
import { digests, quietSignal, World } from '../release/world.ts';

const signal = quietSignal();
const production = { environment: 'production' };
const staging = { environment: 'staging' };
const widget = 'AURORA_WIDGET_ENABLED';
const flags = [widget, 'AURORA_TIMELINE_ENABLED', 'AURORA_RETURNS_ENABLED'];

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

/** A context over the world, knowing what a release would know by then. */
function context(facts: Partial<ReleaseFacts> = {}, change: Partial<EffectContext> = {}) {
  const engine = world.engine([], []);
  const state = { ...emptyState('r1'), id: 'r1' };
  const log = {
    state: {
      ...state,
      facts: { candidate: digests.candidate, stable: digests.stable, slots: {}, ...facts },
    },
    entries: [],
  };
  const candidate = {
    name: 'concierge',
    version: '1.4.0',
    digest: digests.candidate,
    directory: '/nowhere',
  };
  return {
    ...effectContext(engine, {
      log,
      candidate,
      reason: 'errors since 02:10',
      writeDocument: (name, text) => engine.store.writeDocument('r1', name, text),
    }),
    ...change,
  };
}

function make(kind: string, params: object, facts: Partial<ReleaseFacts> = {}) {
  return createEffect(kind, { ...params }, context(facts));
}

/** Probes, applies, verifies: what a first run sees. */
async function carryOut(effect: ReturnType<typeof make>) {
  const probe = await effect.probe(signal);
  await effect.apply(signal);
  return { probe, sight: await effect.verify(signal), again: await effect.probe(signal) };
}

const inProduction = { slots: { production: 'green' } } as const;

describe('every effect', () => {
  it('can be made from parameters, says what it does, and has a key of its own', () => {
    const params: Record<string, object> = {
      'set-cohort': { ...production, percent: 5 },
      'enable-flags': { ...production, flags },
      'disable-flags': { ...production, flags },
      'purge-cdn': { ...production, paths: ['/widget.js'] },
      notify: { audience: '#aurora-ops' },
      'incident-note': {},
      'silence-alerts': { for: '2 h' },
    };
    const effects = effectKinds.map((kind) => make(kind, params[kind] ?? production));
    expect(new Set(effects.map((effect) => effect.key)).size).toBe(effectKinds.length);
    for (const effect of effects) {
      expect(effect.title).not.toBe('');
      expect(effect.describe().length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['start-slot', {}, /environment/],
    ['start-slot', { environment: 'test' }, /environment/],
    ['start-slot', { environment: 'staging', slot: 'blue' }, /slot/],
    ['set-cohort', { ...production, percent: 101 }, /percent/],
    ['purge-cdn', { ...production, paths: ['widget.js'] }, /paths.0/],
    ['purge-cdn', { ...production, paths: [] }, /paths/],
    ['silence-alerts', { for: 'a while' }, /no duration/],
    ['disable-flags', { ...production, flags: [] }, /flags/],
  ])('refuses parameters that do not fit: %s %j', (kind, params, reason) => {
    expect(effectKind(kind)?.validate({ ...params })).toMatch(reason);
  });

  it('is refused by a word that nobody knows', () => {
    expect(effectKind('toString')).toBeUndefined();
    expect(() => make('toString', {})).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }));
  });

  it('of a release cannot be made without a build on its way in', () => {
    const none = context({}, { candidate: null });
    expect(() => createEffect('start-slot', production, none)).toThrow(
      expect.objectContaining({ code: 'EFFECT_FAILED' }),
    );
  });
});

describe('start-slot', () => {
  it('starts the build in the idle slot, and tells the release which one it is', async () => {
    const { probe, sight, again } = await carryOut(make('start-slot', production));
    expect(probe).toEqual({ applied: false, before: { slot: 'green' } });
    expect(sight).toMatchObject({ ok: true, facts: { slots: { production: 'green' } } });
    expect(again.applied).toBe(true);
  });

  it('stops what is left in the idle slot first, and never touches the stable one', async () => {
    world.setSlot('production', 'green', 'd'.repeat(64), 2);
    await carryOut(make('start-slot', production));
    expect(world.acts).toEqual(['stop production green', 'start production green']);
    expect(world.slots.get('production/blue')?.build).toBe(digests.stable);
  });

  it('starts a second copy when the very build is stable already', async () => {
    world.setSlot('production', 'blue', digests.candidate, 1);
    expect((await make('start-slot', production).probe(signal)).applied).toBe(false);
  });

  it('joins a start of the same build that is under way, and does not stop it', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    const slot = world.slots.get('production/green');
    if (slot === undefined) throw new Error('no slot');
    world.slots.set('production/green', { ...slot, state: 'starting' });
    const { probe, sight } = await carryOut(make('start-slot', production));
    expect([probe.applied, sight.ok]).toEqual([false, true]);
    expect(world.acts).toEqual(['start production green']);
  });

  it('is still seen where this release started it, when traffic has been moved there since', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'green', candidate: null };
    const again = make('start-slot', production, inProduction);
    expect(await again.probe(signal)).toEqual({ applied: true, before: { slot: 'green' } });
    expect(await again.verify(signal)).toMatchObject({ ok: true, facts: inProduction });
  });

  it('is refused when both slots serve customers', async () => {
    world.traffic.production = { stable: 'blue', candidate: 'green' };
    await expect(make('start-slot', production).apply(signal)).rejects.toMatchObject({
      code: 'EFFECT_FAILED',
      remedy: expect.stringContaining('aurora rollback'),
    });
  });

  it('is not seen while the slot answers with another build', async () => {
    const effect = make('start-slot', production);
    await effect.apply(signal);
    const slot = world.slots.get('production/green');
    if (slot === undefined) throw new Error('no slot');
    world.slots.set('production/green', { ...slot, url: `${world.origin}/slot/${digests.stable}` });
    expect(await effect.verify(signal)).toMatchObject({
      ok: false,
      observed: 'green answers aaaaaaaaaaaa',
    });
  });

  it('says why the slot ended', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    const slot = world.slots.get('production/green');
    if (slot === undefined) throw new Error('no slot');
    world.slots.set('production/green', { ...slot, state: 'failed', ended: 'exit 1' });
    const sight = await make('start-slot', production).verify(signal);
    expect(sight).toMatchObject({ ok: false, observed: expect.stringContaining('exit 1') });
  });

  it('is undone by stopping that slot only', async () => {
    const effect = make('start-slot', production);
    await effect.apply(signal);
    await effect.undo?.({ slot: 'green' }, signal);
    expect([...world.slots.keys()].sort()).toEqual(['production/blue', 'staging/blue']);
  });
});

describe('switch-traffic', () => {
  const facts = { slots: { staging: 'green' } } as const;

  it('moves all customers, seen by fresh ones, and knows when', async () => {
    world.setSlot('staging', 'green', digests.candidate, 2);
    const { probe, sight, again } = await carryOut(make('switch-traffic', staging, facts));
    expect(probe).toEqual({ applied: false, before: { stable: 'blue' } });
    expect(sight).toMatchObject({
      ok: true,
      observed: '20 of 20 answered by bbbbbbbbbbbb',
      facts: { stagingSwitchedAt: expect.any(Number) },
    });
    expect(again.applied).toBe(true);
  });

  it('is not seen when customers meet another build, and says which', async () => {
    const sight = await make('switch-traffic', staging, facts).verify(signal);
    expect(sight).toMatchObject({
      ok: false,
      observed: '0 of 20 answered by bbbbbbbbbbbb, others by aaaaaaaaaaaa',
    });
  });

  it('gives the traffic back to the slot before', async () => {
    const effect = make('switch-traffic', staging, facts);
    const { before } = await effect.probe(signal);
    await effect.apply(signal);
    await effect.undo?.(before, signal);
    expect(world.traffic.staging).toEqual({ stable: 'blue', candidate: null });
  });

  it('is refused before the candidate has a slot', async () => {
    const effect = make('switch-traffic', staging);
    expect((await effect.probe(signal)).applied).toBe(false);
    await expect(effect.apply(signal)).rejects.toMatchObject({ code: 'EFFECT_FAILED' });
  });
});

describe('route-candidate', () => {
  it('adds the candidate beside the stable slot, and takes it away again', async () => {
    const effect = make('route-candidate', production, inProduction);
    const { probe, sight, again } = await carryOut(effect);
    expect(probe.applied).toBe(false);
    expect(sight.ok).toBe(true);
    expect(again.applied).toBe(true);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: 'green' });
    await effect.undo?.(probe.before, signal);
    expect(world.traffic.production).toEqual({ stable: 'blue', candidate: null });
  });

  it('makes the candidate all there is at a first launch', async () => {
    world.traffic.production = { stable: null, candidate: null };
    const effect = make('route-candidate', production, inProduction);
    const { probe } = await carryOut(effect);
    expect(world.traffic.production).toEqual({ stable: 'green', candidate: 'green' });
    await effect.undo?.(probe.before, signal);
    expect(world.traffic.production).toEqual({ stable: null, candidate: null });
  });
});

describe('set-cohort', () => {
  const five = { ...production, percent: 5 };

  it('gives the share, remembers when customers first met the build, and undoes both', async () => {
    world.flag(widget).enabled = false;
    const effect = make('set-cohort', five);
    const { probe, sight, again } = await carryOut(effect);
    expect(probe).toEqual({ applied: false, before: { enabled: false, percent: null } });
    expect(sight).toMatchObject({ ok: true, facts: { deployedAt: expect.any(Number) } });
    expect(sight.facts).not.toHaveProperty('rampedAt');
    expect(again.applied).toBe(true);
    await effect.undo?.(probe.before, signal);
    expect(world.flag(widget)).toMatchObject({
      enabled: false,
      strategies: [{ cohort: 'stable' }],
    });
  });

  it('goes back to the share before', async () => {
    await make('set-cohort', five).apply(signal);
    const ramp = make('set-cohort', { ...production, percent: 100 }, { deployedAt: 1 });
    const { probe, sight } = await carryOut(ramp);
    const { rampedAt, sharedAt, ...shares } = sight.facts ?? {};
    expect([typeof rampedAt, typeof sharedAt]).toEqual(['number', 'number']);
    expect(shares).toEqual({ percent: 100, stage: 100 });
    await ramp.undo?.(probe.before, signal);
    const candidate = world.flag(widget).strategies.find((s) => s.cohort === 'candidate');
    expect([candidate?.percent, world.flag(widget).enabled]).toEqual([5, true]);
  });

  it('never takes back a share that this release has reached already', async () => {
    world.flag(widget).strategies.push(world.strategy('candidate', 50, digests.candidate));
    const stage = make('set-cohort', { ...production, percent: 25 }, { percent: 50, sharedAt: 1 });
    const { probe, sight } = await carryOut(stage);
    expect(probe.applied).toBe(true);
    expect(sight).toMatchObject({
      ok: true,
      observed: expect.stringContaining('at 50 %, past that already: not lowered'),
      facts: { percent: 50, stage: 25 },
    });
    expect(sight.facts).not.toHaveProperty('sharedAt');
    expect(world.acts).toEqual([]);
  });

  it.each([
    ['a share that somebody else raised', 80, 50],
    ['a share that somebody else gave, where this release has reached none', 50, undefined],
    ['a share that somebody else lowered', 5, 50],
  ])('puts right %s', async (_name, found, reached) => {
    world.flag(widget).strategies.push(world.strategy('candidate', found, digests.candidate));
    const facts = reached === undefined ? {} : { percent: reached };
    const { sight } = await carryOut(make('set-cohort', { ...production, percent: 25 }, facts));
    expect(sight).toMatchObject({ ok: true, facts: { percent: 25, sharedAt: expect.any(Number) } });
    expect(world.acts).toEqual(['cohort production candidate 25']);
  });

  it('counts from where the share began, also when it is looked at again', async () => {
    world.flag(widget).strategies.push(world.strategy('candidate', 5, digests.candidate));
    const { sight } = await carryOut(make('set-cohort', five, { percent: 5, sharedAt: 1 }));
    expect(sight.facts).not.toHaveProperty('sharedAt');
  });

  it('does not take the share of another build for its own', async () => {
    world.flag(widget).strategies.push(world.strategy('candidate', 5, 'd'.repeat(64)));
    const effect = make('set-cohort', five);
    expect((await effect.probe(signal)).applied).toBe(false);
    expect(await effect.verify(signal)).toMatchObject({
      ok: false,
      observed: 'on, no cohort of bbbbbbbbbbbb',
    });
  });
});

describe('stable-cohort', () => {
  it('names the build for everybody and switches the flag on', async () => {
    world.flag(widget).enabled = false;
    const { probe, sight, again } = await carryOut(make('stable-cohort', production));
    expect(probe.before).toEqual({ enabled: false, build: digests.stable });
    expect([sight.ok, again.applied]).toEqual([true, true]);
  });
});

describe('promote', () => {
  it('makes the candidate stable in edge and flag, and leaves the slot before running', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'blue', candidate: 'green' };
    world.flag(widget).strategies.push(world.strategy('candidate', 100, digests.candidate));
    const { probe, sight, again } = await carryOut(make('promote', production, inProduction));
    expect(probe.applied).toBe(false);
    expect(sight).toMatchObject({ ok: true });
    expect(again.applied).toBe(true);
    expect(world.acts).toEqual([
      'route production green/green',
      'cohort production stable 100',
      'uncohort production candidate',
      'route production green/null',
    ]);
    expect(world.slots.has('production/blue')).toBe(true);
  });

  it('is refused when the candidate has no slot, and not seen while a customer meets the old build', async () => {
    await expect(make('promote', production).apply(signal)).rejects.toMatchObject({
      code: 'EFFECT_FAILED',
    });
    expect((await make('promote', production, inProduction).verify(signal)).ok).toBe(false);
  });
});

describe('the flags', () => {
  it('go off together in one call, with what was there kept', async () => {
    const { probe, sight, again } = await carryOut(make('disable-flags', { ...production, flags }));
    expect(probe.before).toMatchObject({
      flags: { [widget]: { enabled: true, stable: digests.stable, candidate: null } },
    });
    expect([probe.applied, sight.ok, again.applied]).toEqual([false, true, true]);
    expect(world.acts).toEqual([`off production ${flags.join('+')}`]);
  });

  it('count as off only when all are', async () => {
    world.flag(widget).enabled = false;
    const effect = make('disable-flags', { ...production, flags });
    expect((await effect.probe(signal)).applied).toBe(false);
    expect(await effect.verify(signal)).toMatchObject({
      ok: false,
      observed: `${widget} off, AURORA_TIMELINE_ENABLED on, AURORA_RETURNS_ENABLED on`,
    });
  });

  it('come on again, those that are off', async () => {
    world.flag(widget).enabled = false;
    const { probe, sight, again } = await carryOut(make('enable-flags', { ...production, flags }));
    expect(probe.before).toEqual({ off: [widget] });
    expect([sight.ok, again.applied]).toEqual([true, true]);
  });
});

describe('restore-stable', () => {
  it('brings customers back to the slot that still runs the build before', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'green', candidate: null };
    const { sight, again } = await carryOut(make('restore-stable', production));
    expect(sight).toMatchObject({ ok: true, observed: '20 of 20 answered by aaaaaaaaaaaa' });
    expect(again.applied).toBe(true);
    expect(world.acts).toEqual(['route production blue/null']);
  });

  it('starts the build again when it runs nowhere', async () => {
    world.slots.delete('production/blue');
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'green', candidate: null };
    const { sight } = await carryOut(make('restore-stable', production));
    expect(sight.ok).toBe(true);
    expect(world.acts).toEqual([
      'stop production blue',
      'start production blue',
      'route production blue/null',
    ]);
  });

  it('says that the build is lost when the store has it no more', async () => {
    world.slots.delete('production/blue');
    const effect = createEffect(
      'restore-stable',
      production,
      context({}, { findBuild: async () => null }),
    );
    await expect(effect.apply(signal)).rejects.toMatchObject({
      code: 'EFFECT_FAILED',
      message: expect.stringContaining('not in the build store'),
      remedy: expect.stringContaining('The flags are off'),
    });
  });

  it('asks for nothing but a hidden widget when there was no build before', async () => {
    world.slots.delete('production/blue');
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'green', candidate: 'green' };
    const effect = make('restore-stable', production, { stable: null });
    expect((await effect.probe(signal)).applied).toBe(true);
    expect(await effect.verify(signal)).toMatchObject({ ok: false, observed: 'shown' });
    world.flag(widget).enabled = false;
    expect(await effect.verify(signal)).toMatchObject({ ok: true, observed: 'hidden' });
  });
});

describe('retire-candidate', () => {
  it('takes strategy and slot away, and corrects what the flag calls stable', async () => {
    world.setSlot('production', 'green', digests.candidate, 2);
    world.flag(widget).strategies = [
      world.strategy('candidate', 5, digests.candidate),
      world.strategy('stable', 100, digests.candidate),
    ];
    const effect = make('retire-candidate', production);
    expect((await effect.verify(signal)).observed).toBe(
      'green runs bbbbbbbbbbbb, the flag still has the candidate, the flag names another stable build',
    );
    const { probe, sight, again } = await carryOut(effect);
    expect(probe.before).toEqual({ slots: ['green'], cohort: true });
    expect([sight.ok, again.applied]).toEqual([true, true]);
    expect(world.flag(widget).strategies.map((s) => [s.cohort, s.build])).toEqual([
      ['stable', digests.stable],
    ]);
  });

  it('never stops a slot that serves customers, nor another build than the candidate', async () => {
    world.setSlot('production', 'green', 'd'.repeat(64), 2);
    expect((await make('retire-candidate', production).probe(signal)).applied).toBe(true);
    world.setSlot('production', 'green', digests.candidate, 2);
    world.traffic.production = { stable: 'blue', candidate: 'green' };
    await make('retire-candidate', production).apply(signal);
    expect(world.slots.has('production/green')).toBe(true);
  });
});

describe('clear-sessions', () => {
  it('removes the cached sessions, and has nothing to do when there is none', async () => {
    const { probe, sight, again } = await carryOut(make('clear-sessions', production));
    expect(probe.before).toEqual({ sessions: 100 });
    expect(sight).toMatchObject({ ok: true, observed: '100 removed, 0 new since' });
    expect(again.applied).toBe(true);
  });

  it('does not mind new ones, nor one that ran out by itself while the cache is empty', async () => {
    const busy = make('clear-sessions', production);
    await busy.probe(signal);
    await busy.apply(signal);
    world.sessions = 40;
    expect(await busy.verify(signal)).toMatchObject({ ok: true });
    const fading = make('clear-sessions', production);
    await fading.probe(signal);
    world.sessions = 39;
    await fading.apply(signal);
    expect(await fading.verify(signal)).toMatchObject({ ok: true });
  });

  it('is not seen while the sessions of before are still there', async () => {
    const effect = make('clear-sessions', production);
    await effect.probe(signal);
    expect(await effect.verify(signal)).toMatchObject({ ok: false });
  });
});

describe('purge-cdn', () => {
  it('clears and looks at the rolled back bundle although the widget is hidden already', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aurora-bundle-'));
    try {
      const files = { 'server.mjs': 'e'.repeat(64), 'widget.js': 'f'.repeat(64) };
      await writeFile(join(directory, 'manifest.json'), manifestText(files));
      const bundle = `/widget/${'f'.repeat(64)}.js`;
      const known = context(
        { candidate: digests.candidate },
        { findBuild: async (digest) => ({ name: 'concierge', version: '1', digest, directory }) },
      );
      const effect = createEffect('purge-cdn', { ...production, paths: ['/widget/*'] }, known);
      await carryOut(effect);
      expect(world.acts).toEqual([`purge /widget/* ${bundle}`]);
      world.cached = true;
      expect(await effect.verify(signal)).toMatchObject({ ok: false });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('says so when no bundle is known that could be looked at', async () => {
    const { sight } = await carryOut(make('purge-cdn', { ...production, paths: ['/widget/*'] }));
    expect(sight.observed).toContain('no bundle is known');
  });

  it('is always sent, with the bundle that the pointer named', async () => {
    world.pointsTo = '/widget/abc.js';
    const { probe, sight, again } = await carryOut(
      make('purge-cdn', { ...production, paths: ['/widget.js'] }),
    );
    expect(probe).toEqual({ applied: false, before: { pointsTo: '/widget/abc.js' } });
    expect(world.acts).toEqual(['purge /widget.js /widget/abc.js']);
    expect(sight.ok).toBe(true);
    expect(again.applied).toBe(false);
  });

  it('is not seen while an answer comes from the cache', async () => {
    world.pointsTo = '/widget/abc.js';
    const effect = make('purge-cdn', { ...production, paths: ['/widget.js'] });
    await effect.probe(signal);
    world.cached = true;
    expect(await effect.verify(signal)).toMatchObject({
      ok: false,
      observed: expect.stringContaining('from the cache'),
    });
  });
});

describe('people', () => {
  it('are told what happens and why, once the service accepted it', async () => {
    const effect = make('notify', { audience: '#aurora-ops', severity: 'warning' });
    expect((await effect.verify(signal)).ok).toBe(false);
    const { sight } = await carryOut(effect);
    expect(sight).toMatchObject({ ok: true, observed: 'accepted (ok)' });
    expect(world.notices).toEqual([
      expect.objectContaining({
        title: 'Production is being rolled back from concierge 1.4.0',
        body: expect.stringContaining('errors since 02:10'),
        severity: 'warning',
        key: 'r1',
      }),
    ]);
  });

  it('are named when nobody is configured under that name', async () => {
    await expect(make('notify', { audience: '#nobody' }).probe(signal)).rejects.toMatchObject({
      message: 'nobody is configured as #nobody',
      remedy: expect.stringContaining('#aurora-ops'),
    });
  });

  it('are spared alerts for a time that ends by itself, and not twice', async () => {
    const began = Date.now();
    const { sight, again } = await carryOut(make('silence-alerts', { for: '2 h' }));
    expect(sight.ok).toBe(true);
    expect(again.applied).toBe(true);
    expect(world.silences[0]?.endsAt).toBeGreaterThanOrEqual(began + 7_200_000);
    const expired = world.silences.map((silence) => ({ ...silence, state: 'expired' as const }));
    world.silences.splice(0, 1, ...expired);
    expect((await make('silence-alerts', { for: '2 h' }).probe(signal)).applied).toBe(false);
  });

  it('find the incident note beside the journal', async () => {
    const effect = make('incident-note', {});
    expect((await effect.verify(signal)).ok).toBe(false);
    const { sight } = await carryOut(effect);
    expect(sight.ok).toBe(true);
    const path = join(world.directory, 'releases', 'r1', 'incident.md');
    expect(await readFile(path, 'utf8')).toContain('# incident');
  });
});
