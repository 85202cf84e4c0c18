import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import type { Engine } from '../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import type { Decision, Trouble } from '../../src/release/trouble.ts';
import { omar, rita, signerOf } from './people.ts';
import { dataOf, wayEngine } from './ways.ts';
import { effect, flagAt, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const staging = { environment: 'staging' };
const holds = {
  fail: 'hold',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const rollsBack = { ...holds, fail: 'rollback' } as const;

/** Answers in this order, and keeps what was asked. */
function person(...answers: readonly (Decision | (() => Decision))[]) {
  const asked: Trouble[] = [];
  const left = [...answers];
  const decide: Engine['decide'] = async (trouble) => {
    asked.push(trouble);
    const answer = left.shift();
    if (answer === undefined) throw new Error('asked once too often');
    return typeof answer === 'function' ? answer() : answer;
  };
  return { asked, decide };
}

const leave = { choice: 'leave' } as const;
const failing = [step(1, [effect('start-slot', staging), flagAt(50)]), step(2, [flagAt(0)])];

describe('a person at a step that is no go', () => {
  it('sees what failed and what may be chosen before anything follows from it', async () => {
    const { asked, decide } = person(leave);
    const engine = wayEngine(world, failing, {}, { decide });
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect([exit, state.outcome]).toEqual([3, 'no-go']);
    expect(asked).toMatchObject([
      {
        verdict: 'no-go',
        step: { step: 1 },
        choices: ['retry', 'skip', 'abort', 'leave'],
        problem: null,
      },
    ]);
    expect(asked[0]?.checks).toMatchObject([{ status: 'fail', observed: expect.any(String) }]);
  });

  it('takes the step again once its cause is gone, as often as it takes', async () => {
    const mended = () => {
      const flag = world.flag('AURORA_WIDGET_ENABLED');
      flag.strategies = [...flag.strategies, world.strategy('candidate', 50, 'b'.repeat(64))];
      return { choice: 'retry' } as const;
    };
    const { asked, decide } = person({ choice: 'retry' }, mended);
    const engine = wayEngine(world, [step(1, [flagAt(50)])], {}, { decide });
    expect((await startRelease(engine, '1.4.0')).exit).toBe(0);
    expect(asked).toHaveLength(2);
    expect(dataOf(engine.entries, 'step.ended').map(({ verdict }) => verdict)).toEqual([
      'no-go',
      'no-go',
      'go',
    ]);
  });

  it('passes over the step in writing', async () => {
    const { decide } = person({ choice: 'skip', reason: 'known flake' });
    const engine = wayEngine(world, failing, {}, { decide });
    const { exit, state } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(0);
    expect(state.steps.get(1)?.skipped).toEqual({
      ...{ step: 1, by: rita.id, role: 'Release Manager', reason: 'known flake', signed: true },
    });
    // What failed stays in sight.
    expect(state.steps.get(1)?.checks).toMatchObject([{ status: 'fail' }]);
    expect(state.overrides).toMatchObject([{ subject: 'skip', about: '1' }]);
  });

  it('is asked again, with why, when the signature could not be made', async () => {
    const { asked, decide } = person({ choice: 'skip', reason: 'known flake' }, leave);
    const sign = async () => {
      throw new AuroraError('SIGNING_FAILED', 'wrong passphrase');
    };
    const engine = wayEngine(
      world,
      failing,
      {},
      { decide, signer: async () => ({ ...signerOf(rita), sign }) },
    );
    expect((await startRelease(engine, '1.4.0')).exit).toBe(3);
    expect(asked.map(({ problem }) => problem)).toEqual([null, 'wrong passphrase']);
    expect(dataOf(engine.entries, 'step.skipped')).toEqual([]);
  });

  it.each([
    ['a key of another role', async () => signerOf(omar)],
    ['no key', async () => null],
  ])('with %s is not offered to pass it over', async (_what, signer) => {
    const { asked, decide } = person({ choice: 'skip', reason: 'all the same' });
    const { exit } = await startRelease(wayEngine(world, failing, {}, { decide, signer }), '1.4.0');
    expect(asked[0]?.choices).toEqual(['retry', 'abort', 'leave']);
    // A choice that was not offered changes nothing.
    expect(exit).toBe(3);
  });

  it('may abort: everything that was done is put back, newest first', async () => {
    const steps = [
      step(1, [effect('start-slot', staging), effect('switch-traffic', staging), flagAt(0)]),
      step(2, [effect('start-slot', production), flagAt(0)]),
      step(3, [flagAt(50)]),
    ];
    const { decide } = person({ choice: 'abort' });
    const { exit, state } = await startRelease(wayEngine(world, steps, {}, { decide }), '1.4.0');
    expect([exit, state.outcome]).toEqual([3, 'aborted']);
    expect(world.acts.slice(-3)).toEqual([
      'stop production green',
      'route staging blue/null',
      'stop staging green',
    ]);
  });

  const inProduction = [
    step(1, [
      effect('start-slot', production),
      effect('route-candidate', production),
      effect('set-cohort', { ...production, percent: 5 }),
      flagAt(5),
    ]),
    step(2, [flagAt(50)], holds),
  ];

  it('may roll back once customers have met the candidate, and no longer abort', async () => {
    const { asked, decide } = person({ choice: 'roll-back' });
    const { exit, state } = await startRelease(
      wayEngine(world, inProduction, {}, { decide }),
      '1.4.0',
    );
    expect(asked[0]?.choices).toEqual(['retry', 'skip', 'roll-back', 'leave']);
    expect([exit, state.outcome]).toEqual([5, 'rolled-back']);
    expect(state.ended?.reason).toContain('on the word of Alex W.');
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(false);
  });

  it('may leave a hold: it holds, and resumes', async () => {
    const { decide } = person(leave);
    const { exit, state } = await startRelease(
      wayEngine(world, inProduction, {}, { decide }),
      '1.4.0',
    );
    expect([exit, state.hold?.waitsFor]).toEqual([4, 'evidence']);
    const later = await resumeRelease(wayEngine(world, inProduction), state.id);
    expect(later.exit).toBe(4);
  });

  it('is not offered to pass over a step that changes production', async () => {
    const { asked, decide } = person(leave);
    const steps = [step(1, [effect('start-slot', production), flagAt(50)])];
    await startRelease(wayEngine(world, steps, {}, { decide }), '1.4.0');
    expect(asked[0]?.choices).toEqual(['retry', 'abort', 'leave']);
  });

  it('is never waited for by a red canary: it is rolled back at once', async () => {
    const { asked, decide } = person(leave);
    const [first] = inProduction;
    if (first === undefined) throw new Error('no step');
    const steps = [first, step(2, [flagAt(50)], rollsBack)];
    const { exit } = await startRelease(wayEngine(world, steps, {}, { decide }), '1.4.0');
    expect([exit, asked.length]).toEqual([5, 0]);
  });

  it('who sends a signal instead of an answer leaves the release to be resumed, its leases given back', async () => {
    const interrupted = new AbortController();
    const decide: Engine['decide'] = (_trouble, signal) => {
      interrupted.abort(new AuroraError('INTERRUPTED', 'stopped by SIGINT'));
      return Promise.reject(signal.reason);
    };
    const engine = wayEngine(world, failing, {}, { decide, signal: interrupted.signal });
    await expect(startRelease(engine, '1.4.0')).rejects.toMatchObject({ exitCode: 130 });
    expect(await engine.leases.holder('production')).toBeNull();
    const [release = ''] = await engine.store.list();
    expect(dataOf(engine.entries, 'release.interrupted')).toEqual([{ step: 1, signal: 'SIGINT' }]);
    expect((await resumeRelease(wayEngine(world, failing), release)).exit).toBe(3);
  });
});
