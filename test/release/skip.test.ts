import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { createDocuments } from '../../src/report/documents.ts';
import { omar, omarsWord, rita, signerOf } from './people.ts';
import { dataOf, wayEngine } from './ways.ts';
import { approval, effect, flagAt, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const staging = { environment: 'staging' };
const steps = [
  step(1, [flagAt(50)]),
  step(2, [flagAt(50)]),
  step(3, [effect('start-slot', staging), flagAt(0)]),
  step(4, [effect('start-slot', production), flagAt(0)]),
  step(5, [
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
    flagAt(5),
  ]),
];
const override = 'seen by hand';

const engine = (change: Partial<Engine> = {}) => wayEngine(world, steps, {}, change);

describe('a release that begins at a later step', () => {
  it('passes over those before it on one signed word, and says so wherever it is told', async () => {
    const here = engine();
    const { exit, state } = await startRelease(here, '1.4.0', { from: 3, override });
    expect(exit).toBe(0);
    const skipped = { by: rita.id, role: 'Release Manager', reason: override, signed: true };
    expect(dataOf(here.entries, 'step.skipped')).toEqual([
      { step: 1, ...skipped },
      { step: 2, ...skipped },
    ]);
    expect(state.overrides).toMatchObject([{ subject: 'skip', about: '1-2' }]);
    expect(state.steps.get(1)).toMatchObject({ status: 'ended', verdict: 'go', checks: [] });
    const { ticket, releaseNotes } = createDocuments(here.plan);
    for (const text of [ticket(state, here.entries), releaseNotes(state, here.entries)]) {
      expect(text).toMatch(/rita\.m@aurora\.example \(Release Manager\)/);
      expect(text).toContain(override);
    }
    expect(ticket(state, here.entries)).toContain('This step was skipped by');
  });

  it('names a single step by its number', async () => {
    const { state } = await startRelease(engine(), '1.4.0', { from: 2, override, until: 1 });
    expect(state.overrides).toMatchObject([{ about: '1' }]);
  });

  it.each([
    ['without a reason', { from: 3 }, 'USAGE', 'passing over step 1-2 needs a reason'],
    [
      'past one that changes production',
      { from: 5, override },
      'SKIP_REFUSED',
      'step 4 (Step 4) changes production',
    ],
  ])('is refused %s, with nothing begun', async (_what, span, code, message) => {
    const here = engine();
    await expect(startRelease(here, '1.4.0', span)).rejects.toMatchObject({ code, message });
    expect(await here.store.list()).toEqual([]);
  });

  it('is refused to whoever may not', async () => {
    const here = engine({ signer: async () => signerOf(omar) });
    await expect(startRelease(here, '1.4.0', { from: 2, override })).rejects.toMatchObject({
      code: 'OVERRIDE_REFUSED',
    });
    expect(await here.store.list()).toEqual([]);
  });
});

describe('a release that goes on from an earlier step', () => {
  const going = [
    step(1, [flagAt(0)]),
    step(2, [effect('start-slot', staging), flagAt(0), approval()]),
    step(3, [effect('start-slot', production), flagAt(0)]),
    step(4, [effect('set-cohort', { ...production, percent: 5 }), flagAt(5)]),
  ];
  const here = () => wayEngine(world, going);

  it('measures it and all that follow again, and asks again; what is done is not done twice', async () => {
    const { release, state } = await startRelease(here(), '1.4.0');
    expect(state.status).toBe('waiting');
    const asked = state.steps.get(2)?.request?.binding;
    if (asked === undefined) throw new Error('nothing was asked');
    await here().store.offer(omarsWord(asked));
    const again = here();
    const resumed = await resumeRelease(again, release, { from: 1 });
    expect(dataOf(again.entries, 'release.resumed')).toEqual([{ from: 1, again: true }]);
    expect(dataOf(again.entries, 'step.started').map(({ step: number }) => number)).toEqual([1, 2]);
    // The word was for what was measured before.
    expect(resumed.exit).toBe(4);
    expect(resumed.state.steps.get(2)?.request?.binding.nonce).not.toBe(asked.nonce);
    expect(world.acts).toEqual(['start staging green']);
  });

  it('is refused for a step that it has not got to', async () => {
    const { release } = await startRelease(here(), '1.4.0');
    await expect(resumeRelease(here(), release, { from: 3 })).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      message: expect.stringContaining('stands at step 2, not at 3'),
    });
  });

  it('is refused once customers may have met the candidate', async () => {
    const touched = [
      step(1, [flagAt(0)]),
      step(2, [effect('set-cohort', { ...production, percent: 5 }), flagAt(5)]),
      step(3, [flagAt(5)]),
    ];
    const { release } = await startRelease(wayEngine(world, touched), '1.4.0', { until: 2 });
    await expect(
      resumeRelease(wayEngine(world, touched), release, { from: 1 }),
    ).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      remedy: expect.stringContaining('aurora rollback'),
    });
    const state = await resumeRelease(wayEngine(world, touched), release);
    expect(state.exit).toBe(0);
  });
});
