import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Effect } from '../../src/effects/effect.ts';
import type { SafetyProof } from '../../src/rollback/customers-safe.ts';
import { impossible } from '../../src/rollback/impossible.ts';
import {
  type RollbackOrder,
  type RollbackRecord,
  runRollback,
} from '../../src/rollback/run-rollback.ts';

const safe: SafetyProof = { safe: true, lines: ['hidden'] };

function compensation(key: string, calls: string[], change: Partial<Effect> = {}): Effect {
  return {
    key,
    title: key,
    settleMs: 0,
    describe: () => [key],
    probe: async () => ({ applied: false, before: { of: key } }),
    changes: async () => [],
    apply: async () => {
      calls.push(key);
    },
    verify: async () => ({ ok: true, expected: 'x', observed: 'x' }),
    ...change,
  };
}

function order(phases: RollbackOrder['phases'], change: Partial<RollbackOrder> = {}) {
  const kept: string[] = [];
  const record: RollbackRecord = {
    started: async (effect) => {
      kept.push(`started ${effect.key}`);
    },
    done: async (effect, _sight, already) => {
      kept.push(`done ${effect.key}${already ? ' already' : ''}`);
    },
    failed: async (effect, error) => {
      kept.push(`failed ${effect.key}: ${error instanceof Error ? error.message : error}`);
    },
  };
  const whole: RollbackOrder = {
    phases,
    record,
    prove: async () => safe,
    clock: systemClock,
    signal: new AbortController().signal,
    ...change,
  };
  return { kept, run: () => runRollback(whole) };
}

const never = () => new Promise<never>(() => undefined);
const fail = (message: string) => () => Promise.reject(new Error(message));

describe('a rollback', () => {
  it('goes through its phases in order, and says that it is complete', async () => {
    const calls: string[] = [];
    const { kept, run } = order([
      [compensation('flags', calls)],
      [compensation('build', calls)],
      [compensation('note', calls)],
    ]);
    expect(await run()).toEqual({ complete: true, failed: [], proof: safe });
    expect(calls).toEqual(['flags', 'build', 'note']);
    expect(kept).toEqual([
      'started flags',
      'done flags',
      'started build',
      'done build',
      'started note',
      'done note',
    ]);
  });

  it('does everything of a phase at once, and begins the next when all are over', async () => {
    const calls: string[] = [];
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let there = 0;
    const waiting = (key: string) =>
      compensation(key, calls, {
        apply: async () => {
          there += 1;
          if (there === 2) meet();
          await both;
          calls.push(key);
        },
      });
    const { run } = order([[waiting('cache'), waiting('cdn')], [compensation('note', calls)]]);
    expect((await run()).complete).toBe(true);
    expect(calls).toEqual(['cache', 'cdn', 'note']);
  });

  it('tries every phase whatever happened in the one before, and hides no error', async () => {
    const calls: string[] = [];
    const { kept, run } = order([
      [compensation('flags', calls, { apply: fail('flag server away') })],
      [compensation('build', calls, { verify: fail('edge away') })],
      [compensation('cache', calls), compensation('cdn', calls, { apply: fail('cdn away') })],
      [compensation('note', calls)],
    ]);
    const { complete, failed } = await run();
    expect(complete).toBe(false);
    expect(calls).toEqual(['build', 'cache', 'note']);
    expect(failed.map(({ effect }) => effect.key)).toEqual(['flags', 'build', 'cdn']);
    expect(kept).toContain('failed flags: flag server away');
    expect(kept).toContain('failed build: build: it could not be verified: edge away');
  });

  it('acts even on what cannot be looked at first', async () => {
    const calls: string[] = [];
    const { run } = order([[compensation('flags', calls, { probe: fail('no answer') })]]);
    expect((await run()).complete).toBe(true);
    expect(calls).toEqual(['flags']);
  });

  it('does not repeat what is so already', async () => {
    const calls: string[] = [];
    const probe = async () => ({ applied: true, before: {} });
    const { kept, run } = order([[compensation('flags', calls, { probe })]]);
    expect((await run()).complete).toBe(true);
    expect(calls).toEqual([]);
    expect(kept).toEqual(['started flags', 'done flags already']);
  });

  it.each([
    'started',
    'done',
    'failed',
  ] as const)('is stopped by no record that cannot be kept: %s', async (method) => {
    const calls: string[] = [];
    const record: RollbackRecord = {
      started: async () => undefined,
      done: async () => undefined,
      failed: async () => undefined,
      [method]: fail('disk full'),
    };
    const bad = compensation('cache', calls, { apply: fail('cache away') });
    const { run } = order([[compensation('flags', calls), bad], [compensation('note', calls)]], {
      record,
    });
    expect((await run()).failed.map(({ effect }) => effect.key)).toEqual(['cache']);
    expect(calls).toEqual(['flags', 'note']);
  });

  it.each([
    'probe',
    'apply',
    'verify',
  ] as const)('leaves a compensation behind whose %s hangs and heeds no signal', async (face) => {
    const calls: string[] = [];
    const hanging = compensation('cache', calls, { [face]: never });
    const { run } = order([[hanging, compensation('cdn', calls)], [compensation('note', calls)]], {
      limits: { compensationMs: 60, probeMs: 20 },
    });
    const { complete, failed } = await run();
    expect(calls).toContain('cdn');
    expect(calls.at(-1)).toBe('note');
    // What was there before is nice to know; an act that hangs is a failure.
    expect(complete).toBe(face === 'probe');
    expect(failed.map(({ error }) => error)).toEqual(
      face === 'probe' ? [] : [expect.objectContaining({ code: 'SERVICE_UNREACHABLE' })],
    );
  });

  it('fails one that could not even be made in its turn, and does the rest', async () => {
    const calls: string[] = [];
    const { kept, run } = order([
      [impossible('start-slot', new Error('there is no build on its way in'))],
      [compensation('note', calls)],
    ]);
    expect((await run()).complete).toBe(false);
    expect(calls).toEqual(['note']);
    expect(kept).toContain('failed start-slot: there is no build on its way in');
  });

  it('is not complete while customers are not seen to be safe, or cannot be seen', async () => {
    const calls: string[] = [];
    const flags = () => [[compensation('flags', calls)]];
    const shown = order(flags(), { prove: async () => ({ safe: false, lines: ['shown'] }) });
    expect(await shown.run()).toMatchObject({ complete: false, failed: [] });
    const blind = order(flags(), { prove: fail('edge away') });
    expect(await blind.run()).toMatchObject({
      complete: false,
      proof: { safe: false, lines: ['customers could not be looked at: edge away'] },
    });
  });

  it('ends when it is interrupted, and claims nothing', async () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const stop = compensation('flags', calls, {
      apply: async () => controller.abort(new Error('Ctrl-C')),
    });
    const { run } = order([[stop], [compensation('build', calls)]], {
      signal: controller.signal,
      prove: (signal) => Promise.reject(signal.reason),
    });
    await expect(run()).rejects.toThrow('Ctrl-C');
    expect(calls).toEqual([]);
  });
});
