import { describe, expect, it } from 'vitest';
import type { SlotName, SlotStatus, Traffic } from '../../src/deploy/driver.ts';
import { chooseStable } from '../../src/effects/choose-stable.ts';

const old = 'a'.repeat(64);
const fresh = 'b'.repeat(64);

function slot(name: SlotName, build: string | null, change: Partial<SlotStatus> = {}): SlotStatus {
  return {
    environment: 'production',
    slot: name,
    state: 'ready',
    build,
    url: null,
    pid: 1,
    startedAt: name === 'blue' ? 1 : 2,
    ended: null,
    lastLines: [],
    ...change,
  };
}

const canary: Traffic = { stable: 'blue', candidate: 'green' };
const ramped: Traffic = { stable: 'green', candidate: null };
const journal = { candidate: fresh, stable: old };
const firstLaunch = { candidate: fresh, stable: null };
const noJournal = { candidate: null, stable: null };
const both = [slot('blue', old), slot('green', fresh)];

describe('the previous stable build', () => {
  it.each([
    ['is the one that the journal names, during a canary', both, canary, journal, 'blue'],
    ['is found in the idle slot after a ramp', both, ramped, journal, 'blue'],
    ['is found without a journal by the edge, during a canary', both, canary, noJournal, 'blue'],
    ['is the longest running without a journal, after a ramp', both, ramped, noJournal, 'blue'],
    [
      'is the longest running, not the first in the list',
      [slot('blue', fresh, { startedAt: 9 }), slot('green', old, { startedAt: 3 })],
      { stable: 'blue', candidate: null },
      noJournal,
      'green',
    ],
    [
      'is not the slot whose start nobody knows, when another is known',
      [slot('blue', fresh, { startedAt: null }), slot('green', old, { startedAt: 3 })],
      { stable: 'blue', candidate: null },
      noJournal,
      'green',
    ],
    [
      'is not the candidate’s slot, when the same build runs in both',
      [slot('blue', old), slot('green', old)],
      canary,
      journal,
      'blue',
    ],
    [
      'is taken from the candidate’s slot, when it runs nowhere else',
      [slot('green', old)],
      canary,
      journal,
      'green',
    ],
  ] as const)('%s', (_rule, slots, traffic, known, expected) => {
    expect(chooseStable(slots, traffic, known)).toMatchObject({
      kind: 'slot',
      slot: { slot: expected },
    });
  });

  it.each([
    ['runs nowhere', [slot('green', fresh)]],
    ['ended by itself', [slot('blue', old, { state: 'failed' }), slot('green', fresh)]],
    ['is not ready yet', [slot('blue', old, { state: 'starting' }), slot('green', fresh)]],
  ] as const)('is started again when the journal names it and it %s', (_rule, slots) => {
    expect(chooseStable(slots, ramped, journal)).toEqual({ kind: 'start', build: old });
  });

  it.each([
    ['the candidate alone, at a first launch', [slot('green', fresh)], ramped, firstLaunch],
    ['the candidate’s slot alone, without a journal', [slot('green', fresh)], canary, noJournal],
    ['nothing', [], canary, noJournal],
    ['a slot without a build', [slot('blue', null)], ramped, noJournal],
  ] as const)('is none when there is %s', (_rule, slots, traffic, known) => {
    expect(chooseStable(slots, traffic, known)).toMatchObject({ kind: 'none' });
  });
});
