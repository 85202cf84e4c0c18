import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Engine } from '../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import type { ReleaseState } from '../../src/release/state.ts';
import { omarsWord } from './people.ts';
import { approval, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const hour = 3_600_000;
const word = approval({ expiresMs: 24 * hour });

/** The world's engine, so many hours from now. */
function later(steps: Parameters<World['engine']>[0], hours = 0) {
  const clock = { ...systemClock, now: () => Date.now() + hours * hour };
  return world.engine(steps, rollbackPhases, { clock });
}

function requestOf(state: ReleaseState) {
  const request = state.steps.get(1)?.request;
  if (request === null || request === undefined) throw new Error('nothing was asked');
  return request;
}

async function approve(engine: Engine, state: ReleaseState, hours = 0) {
  const at = new Date(Date.now() + hours * hour).toISOString();
  await engine.store.offer(omarsWord(requestOf(state).binding, { at }));
}

describe('a step that waits for a word', () => {
  it('does what follows the word, also when it was resumed', async () => {
    const steps = [step(1, [flagAt(0), word, effect('start-slot', production)])];
    const { state } = await startRelease(later(steps), '1.4.0');
    expect(world.acts).toEqual([]);
    await approve(later(steps), state);
    const resumed = await resumeRelease(later(steps), state.id);
    expect(resumed.exit).toBe(0);
    expect(world.acts).toEqual(['start production green']);
  });

  it('fails at a check that follows the word, also when it was resumed', async () => {
    const steps = [step(1, [flagAt(0), word, flagAt(50)])];
    const { state } = await startRelease(later(steps), '1.4.0');
    await approve(later(steps), state);
    expect((await resumeRelease(later(steps), state.id)).exit).toBe(3);
  });

  it('goes on with the very request when the word comes first in the step', async () => {
    const steps = [step(1, [word])];
    const { state } = await startRelease(later(steps), '1.4.0');
    await approve(later(steps), state);
    const resumed = await resumeRelease(later(steps), state.id);
    expect(resumed.exit).toBe(0);
    expect(resumed.state.steps.get(1)?.approvals[0]?.binding).toEqual(requestOf(state).binding);
  });

  it('asks anew when the request has run out, since no word could be accepted any more', async () => {
    const steps = [step(1, [flagAt(0), word])];
    const { state } = await startRelease(later(steps), '1.4.0');
    await approve(later(steps), state, 25);
    const late = later(steps, 25);
    const asked = await resumeRelease(late, state.id);
    expect(asked.exit).toBe(4);
    const refused = late.entries.filter((entry) => entry.type === 'approval.refused');
    expect(refused).toMatchObject([{ data: { code: 'APPROVAL_EXPIRED' } }]);
    expect(requestOf(asked.state).binding.nonce).not.toBe(requestOf(state).binding.nonce);
    await approve(late, asked.state, 26);
    expect((await resumeRelease(later(steps, 26), state.id)).exit).toBe(0);
  });

  it('accepts a word that was given in time and is read too late', async () => {
    const steps = [step(1, [flagAt(0), word])];
    const { state } = await startRelease(later(steps), '1.4.0');
    await approve(later(steps), state, 1);
    expect((await resumeRelease(later(steps, 48), state.id)).exit).toBe(0);
  });
});
