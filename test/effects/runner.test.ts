import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { AuroraError } from '../../src/base/errors.ts';
import type { Effect } from '../../src/effects/effect.ts';
import { type EffectRecord, type Guard, runEffect, settle } from '../../src/effects/runner.ts';

const signal = new AbortController().signal;
const free: Guard = async () => undefined;

/** Time passes only while somebody sleeps. */
function steppingClock(): Clock & { readonly slept: () => number } {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    slept: () => now,
  };
}

/** An effect and a record that write down what was asked of them. */
function stage(change: Partial<Effect> = {}, record: Partial<EffectRecord> = {}) {
  const calls: string[] = [];
  const effect: Effect = {
    key: 'act/production',
    title: 'act',
    describe: () => ['act'],
    probe: async () => {
      calls.push('probe');
      return { applied: false, before: { was: 'so' } };
    },
    changes: async () => [],
    apply: async () => {
      calls.push('apply');
    },
    verify: async () => {
      calls.push('verify');
      return { ok: true, expected: 'x', observed: 'x' };
    },
    ...change,
  };
  const kept: EffectRecord = {
    started: async (_effect, before) => {
      calls.push(`started ${JSON.stringify(before)}`);
    },
    done: async (_effect, _sight, already) => {
      calls.push(already ? 'done already' : 'done');
    },
    failed: async (_effect, error) => {
      calls.push(`failed: ${error instanceof Error ? error.message : error}`);
    },
    ...record,
  };
  const run = (guard = free, clock: Clock = steppingClock(), abort = signal) =>
    runEffect(effect, kept, guard, clock, abort);
  return { calls, effect, run };
}

describe('the runner of effects', () => {
  it('probes, writes down, acts, looks, writes down: in this order', async () => {
    const { calls, run } = stage();
    await run();
    expect(calls).toEqual(['probe', 'started {"was":"so"}', 'apply', 'verify', 'done']);
  });

  it('does not apply what is so already, and looks at it all the same', async () => {
    const { calls, run } = stage({ probe: async () => ({ applied: true, before: {} }) });
    await run();
    expect(calls).toEqual(['started {}', 'verify', 'done already']);
  });

  it('looks again until it shows', async () => {
    let looks = 0;
    const clock = steppingClock();
    const { run } = stage({
      verify: async () => {
        looks += 1;
        return { ok: looks === 4, expected: 'x', observed: 'y' };
      },
    });
    await run(free, clock);
    expect([looks, clock.slept()]).toEqual([4, 600]);
  });

  it('fails when it does not show in its time, and says what was seen instead', async () => {
    const clock = steppingClock();
    const { calls, run } = stage({
      settleMs: 1_000,
      verify: async () => ({ ok: false, expected: 'green', observed: 'blue' }),
    });
    await expect(run(free, clock)).rejects.toMatchObject({
      code: 'EFFECT_FAILED',
      message: 'act: expected green, seen from outside: blue',
    });
    expect(clock.slept()).toBeLessThanOrEqual(1_000);
    expect(calls.at(-1)).toBe('failed: act: expected green, seen from outside: blue');
  });

  it('counts trouble while looking as not seen, and tells the last of it', async () => {
    let looks = 0;
    const trouble = new Error('connection refused');
    const recovering = stage({
      verify: async () => {
        looks += 1;
        if (looks < 3) throw trouble;
        return { ok: true, expected: 'x', observed: 'x' };
      },
    });
    await expect(recovering.run()).resolves.toMatchObject({ ok: true });
    const lasting = stage({ settleMs: 500, verify: () => Promise.reject(trouble) });
    await expect(lasting.run()).rejects.toMatchObject({
      code: 'EFFECT_FAILED',
      message: 'act: it could not be verified: connection refused',
      cause: trouble,
    });
  });

  it('applies nothing once the right to act is lost, before or after the probe', async () => {
    const lost = new AuroraError('LEASE_LOST', 'somebody took over');
    const before = stage();
    await expect(before.run(() => Promise.reject(lost))).rejects.toBe(lost);
    expect(before.calls).toEqual(['failed: somebody took over']);
    let asked = 0;
    const between = stage();
    const guard = async () => {
      asked += 1;
      if (asked === 2) throw lost;
    };
    await expect(between.run(guard)).rejects.toBe(lost);
    expect(between.calls).not.toContain('apply');
  });

  it('does not act when it cannot be written down that it will', async () => {
    const full = new AuroraError('STORE_FAILED', 'no space left');
    const { calls, run } = stage({}, { started: () => Promise.reject(full) });
    await expect(run()).rejects.toBe(full);
    expect(calls).not.toContain('apply');
  });

  it('stops when it cannot be written down that it did', async () => {
    const full = new AuroraError('STORE_FAILED', 'no space left');
    const { run } = stage({}, { done: () => Promise.reject(full) });
    await expect(run()).rejects.toBe(full);
  });

  it('hands on the error of the act after writing it down, and does not look', async () => {
    const { calls, run } = stage({ apply: () => Promise.reject(new Error('exit 1')) });
    await expect(run()).rejects.toThrow('exit 1');
    expect(calls).toEqual(['probe', 'started {"was":"so"}', 'failed: exit 1']);
  });

  it('leaves an interrupted effect unknown: nothing is written down of it', async () => {
    const controller = new AbortController();
    const { calls, run } = stage({
      verify: async () => {
        controller.abort(new Error('Ctrl-C'));
        return { ok: false, expected: 'x', observed: 'y' };
      },
    });
    await expect(run(free, systemClock, controller.signal)).rejects.toThrow('Ctrl-C');
    expect(calls).toEqual(['probe', 'started {"was":"so"}', 'apply']);
  });
});

describe('settling', () => {
  it('looks at least once, even with no time at all', async () => {
    const { calls, effect } = stage({ settleMs: 0 });
    await settle(effect, steppingClock(), signal);
    expect(calls).toEqual(['verify']);
  });
});
