import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/effects/effect.ts';
import { foreseeAll } from '../../src/effects/foresee.ts';
import type { Change } from '../../src/services/change.ts';

const signal = new AbortController().signal;
const change = (path: string): Change => ({ via: 'file', path });

/** An effect that writes down what was asked of it. */
function effect(key: string, calls: string[], face: Partial<Effect> = {}): Effect {
  return {
    key,
    title: key,
    describe: () => [key],
    probe: async () => {
      calls.push(`probe ${key}`);
      return { applied: false, before: {} };
    },
    changes: async () => {
      calls.push(`changes ${key}`);
      return [change(key)];
    },
    apply: async () => {
      calls.push(`apply ${key}`);
    },
    verify: async () => {
      calls.push(`verify ${key}`);
      return { ok: true, expected: '', observed: '' };
    },
    ...face,
  };
}

const inSteps = (...effects: Effect[]) =>
  effects.map((one, index) => ({ place: `step ${index + 1}`, effect: one }));

describe('foreseeing', () => {
  it('only looks: it never applies and never verifies', async () => {
    const calls: string[] = [];
    await foreseeAll(inSteps(effect('a', calls), effect('b', calls)), signal);
    expect(calls).toEqual(['probe a', 'changes a', 'probe b', 'changes b']);
  });

  it('says that nothing is sent for what is so already', async () => {
    const calls: string[] = [];
    const there = { probe: async () => ({ applied: true, before: {} }) };
    const [told] = await foreseeAll(inSteps(effect('a', calls, there)), signal);
    expect(told).toEqual({ changes: [], already: true, unknown: null });
    expect(calls).toEqual([]);
  });

  it('does not believe in what an earlier effect changes first, and does not even look', async () => {
    const calls: string[] = [];
    const told = await foreseeAll(
      inSteps(
        effect('a', calls, { on: ['the slots'] }),
        effect('b', calls, { on: ['the flags', 'the slots'] }),
        effect('c', calls, { on: ['the flags'] }),
        effect('d', calls, { on: ['the alerts'] }),
      ),
      signal,
    );
    expect(told.map(({ unknown }) => unknown)).toEqual([
      null,
      'cannot be told before step 1 has changed the slots',
      'cannot be told before step 2 has changed the flags',
      null,
    ]);
    expect(calls).toEqual(['probe a', 'changes a', 'probe d', 'changes d']);
  });

  it('takes an effect that has nothing to do for one that changes nothing', async () => {
    const none = { on: ['the slots'], changes: async () => [] };
    const there = { on: ['the slots'], probe: async () => ({ applied: true, before: {} }) };
    const told = await foreseeAll(
      inSteps(
        effect('a', [], none),
        effect('b', [], there),
        effect('c', [], { on: ['the slots'] }),
      ),
      signal,
    );
    expect(told[2]).toMatchObject({ unknown: null, changes: [change('c')] });
  });

  it('says why it cannot tell, and goes on with the others', async () => {
    const away = { changes: () => Promise.reject(new Error('the host is away')) };
    const told = await foreseeAll(inSteps(effect('a', [], away), effect('b', [])), signal);
    expect(told).toEqual([
      { changes: null, already: false, unknown: 'cannot be told: the host is away' },
      { changes: [change('b')], already: false, unknown: null },
    ]);
  });

  it('tells the changes where only the probe could not look', async () => {
    const blinded = { probe: () => Promise.reject(new Error('away')) };
    const [told] = await foreseeAll(inSteps(effect('a', [], blinded)), signal);
    expect(told).toEqual({ changes: [change('a')], already: false, unknown: null });
  });

  it('looks at nothing where changes need no look', async () => {
    const calls: string[] = [];
    await foreseeAll(inSteps(effect('a', calls, { blind: true })), signal);
    expect(calls).toEqual(['changes a']);
  });

  it('ends at once when it is interrupted', async () => {
    const abort = new AbortController();
    const hangs = { probe: () => Promise.reject(new Error('aborted')) };
    abort.abort(new Error('interrupted'));
    const told = foreseeAll(inSteps(effect('a', [], hangs)), abort.signal);
    await expect(told).rejects.toThrow('interrupted');
  });
});
