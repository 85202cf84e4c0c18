import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventData, EventType, JournalEntry } from '../../src/release/events.ts';
import { emptyHead, encodeEntry, headAfter, nextEntry } from '../../src/release/journal.ts';
import { applyEntry, emptyState, foldJournal } from '../../src/release/state.ts';
import { bindingOf } from './people.ts';

const digest = 'b'.repeat(64);
const binding = bindingOf({ step: 1 });
const error = { code: 'EFFECT_FAILED', message: 'no' };
const result = { id: 'c', title: 'c', status: 'pass', expected: 'x', observed: 'x' } as const;
const unsigned = { statement: '{}', signature: null, key: null };
const act = { key: 'a', title: 'a' };

/** One of each kind of entry, for a step. */
const samples = (step: number): { readonly [K in EventType]: EventData[K] } => ({
  'release.created': {
    project: 'p',
    build: { name: 'concierge', version: '1.4.0', digest },
    stable: null,
    plan: { version: '1', digest, directory: '/x' },
    timeScale: 1,
    rehearsal: false,
    connect: {},
  },
  'release.resumed': { from: step },
  'lease.acquired': { environment: 'production', fence: 1, holder: 'Alex' },
  'step.started': { step, plannedMs: 1 },
  'check.done': { step, move: 0, result },
  'watch.progress': { step, text: '50 %' },
  'effect.started': { step, ...act, before: { step } },
  'effect.done': { step, ...act, already: false, expected: 'x', observed: 'x' },
  'effect.failed': { step, ...act, error },
  'effect.undone': { step, ...act },
  'effect.undo-failed': { step, ...act, error },
  'approval.requested': {
    ...{ step, role: 'PM', name: null, count: 1, eligible: 1, binding },
    ...{ expiresAt: 1, command: 'x' },
  },
  'approval.given': {
    ...{ step, by: 'O', name: 'O', role: 'PM', signed: false, comment: null, binding },
    ...unsigned,
  },
  'approval.rejected': { step, by: 'O', name: 'O', role: 'PM', reason: 'no', ...unsigned },
  'approval.refused': { step, by: 'O', code: 'APPROVAL_SELF', reason: 'no', word: digest },
  'approval.revoked': { step, by: 'O', role: 'PM', reason: 'no', ...unsigned },
  'override.given': {
    ...{ subject: 'skip', about: '1', by: 'R', role: 'RM', reason: 'x', signed: true },
    ...unsigned,
  },
  'step.skipped': { step, by: 'R', role: 'RM', reason: 'x', signed: true },
  'owner.told': { step, owner: 'O', why: 'turn', over: '#x', ok: true },
  'release.overtaken': { by: 'M', release: 'r2', fence: 2, environment: 'production' },
  'rescue.merged': { entries: 1, path: '/x' },
  'step.ended': { step, verdict: 'go', reasons: [], evidence: digest },
  'release.held': { step, reason: 'amber', waitsFor: 'evidence' },
  'release.interrupted': { step, signal: 'SIGINT' },
  'release.failed': { step, error },
  'rollback.started': { reason: 'errors', only: null },
  'compensation.started': { ...act, before: {} },
  'compensation.done': { ...act, already: false, expected: 'x', observed: 'x' },
  'compensation.failed': { ...act, error },
  'rollback.ended': { complete: true, failed: [], customersSafe: true, proof: [] },
  'flags.restored': { flags: ['A'] },
  'document.written': { kind: 'ticket', path: '/x' },
  'release.ended': { outcome: 'no-go', exit: 3, reason: 'x' },
});

const kinds = Object.keys(samples(1)) as EventType[];

function journal(events: readonly (readonly [EventType, Partial<EventData[EventType]>?])[]) {
  let head = emptyHead;
  return events.map(([type, change], index) => {
    const data = { ...samples(1)[type], ...change } as EventData[EventType];
    const at = new Date(index * 1_000).toISOString();
    const entry = nextEntry(head, 'r1', at, 'Alex', type, data);
    head = headAfter(entry, encodeEntry(entry));
    return entry;
  });
}

const fold = (...events: Parameters<typeof journal>[0]) => foldJournal('r1', journal(events));

const begun = [['release.created'], ['step.started']] as const;

const anyEntry = fc
  .record({ type: fc.constantFrom(...kinds), step: fc.integer({ min: 0, max: 3 }), seq: fc.nat() })
  .map(
    ({ type, step, seq }) =>
      ({
        v: 1,
        release: 'r1',
        seq,
        prev: '',
        at: new Date(seq).toISOString(),
        actor: 'Alex',
        type,
        data: samples(step)[type],
      }) as JournalEntry,
  );

describe('the state of a release', () => {
  it('follows a release from its first entry to its end', () => {
    const state = fold(
      ['release.created'],
      ['step.started'],
      ['check.done'],
      ['step.ended'],
      ['release.ended', { outcome: 'released', exit: 0 }],
    );
    expect(state).toMatchObject({
      status: 'ended',
      outcome: 'released',
      starter: 'Alex',
      createdAt: '1970-01-01T00:00:00.000Z',
      updatedAt: '1970-01-01T00:00:04.000Z',
      facts: { candidate: digest, stable: null },
      entries: 5,
    });
    expect(state.steps.get(1)).toMatchObject({
      status: 'ended',
      verdict: 'go',
      checks: [result],
      startedAt: '1970-01-01T00:00:01.000Z',
      endedAt: '1970-01-01T00:00:03.000Z',
    });
  });

  it('forgets what an earlier attempt measured, and remembers when the step first began', () => {
    const state = fold(
      ['release.created'],
      ['step.started'],
      ['check.done'],
      ['approval.requested'],
      ['release.interrupted'],
      ['release.resumed'],
      ['step.started'],
    );
    expect(state.status).toBe('running');
    expect(state.steps.get(1)).toMatchObject({
      checks: [],
      request: null,
      requestStatus: 'none',
      startedAt: '1970-01-01T00:00:01.000Z',
    });
  });

  it('keeps the first sight of what was there before an effect: later ones see its own work', () => {
    const state = fold(
      ...begun,
      ['effect.started', { before: { slot: 'blue' } }],
      ['effect.started', { before: { slot: 'green' } }],
      ['effect.done'],
    );
    expect(state.effects.get('a')).toMatchObject({ before: { slot: 'blue' }, status: 'done' });
  });

  it('gathers facts without losing those of the other environment', () => {
    const state = fold(
      ...begun,
      ['effect.started'],
      ['effect.done', { facts: { slots: { staging: 'green' } } }],
      ['effect.started'],
      ['effect.done', { facts: { slots: { production: 'blue' }, deployedAt: 7 } }],
    );
    expect(state.facts).toMatchObject({
      slots: { staging: 'green', production: 'blue' },
      deployedAt: 7,
    });
  });

  it.each([
    ['approval', 'waiting'],
    ['evidence', 'held'],
    ['person', 'held'],
  ] as const)('is %s -> %s when it holds for it', (waitsFor, status) => {
    expect(fold(...begun, ['release.held', { waitsFor }]).status).toBe(status);
  });

  it('tells a rollback that has no release behind it, and who began it', () => {
    const state = fold(['rollback.started'], ['compensation.started'], ['compensation.done']);
    expect(state).toMatchObject({ status: 'rolling-back', starter: 'Alex', created: null });
    expect(state.rollback?.compensations.get('a')).toMatchObject({ status: 'done', before: {} });
  });

  it('starts anew when a rollback is run again: the flags are off once more', () => {
    const state = fold(
      ['rollback.started'],
      ['compensation.started'],
      ['rollback.ended'],
      ['release.ended', { outcome: 'rolled-back' }],
      ['flags.restored'],
      ['rollback.started'],
    );
    expect(state).toMatchObject({ status: 'rolling-back', restored: null });
    expect(state.rollback?.compensations.size).toBe(0);
  });

  it('passes over a kind of entry that only a newer aurora knows', () => {
    const [entry] = journal([['release.resumed']]);
    for (const type of ['weather.changed', 'constructor', '__proto__']) {
      const strange = { ...entry, type } as unknown as JournalEntry;
      expect(applyEntry(emptyState('r1'), strange)).toMatchObject({
        status: 'none',
        entries: 1,
        refused: [],
      });
    }
  });

  it('never breaks, whatever the order of the entries, and counts them all', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 60 }), (entries) => {
        const state = foldJournal('r1', entries);
        expect(state.entries).toBe(entries.length);
        expect(state.updatedAt).toBe(entries.at(-1)?.at ?? '');
      }),
    );
  });

  it('switches the flags of a running release off, and waits for a person who rolls back', () => {
    const off = [...begun, ['rollback.started', { only: 'flags' }]] as const;
    expect(fold(...off).status).toBe('rolling-back');
    const after = fold(...off, ['compensation.started'], ['compensation.done'], ['rollback.ended']);
    expect(after).toMatchObject({ status: 'held', place: 'switched-off', refused: [] });
    const resumed = fold(...off, ['rollback.ended'], ['release.resumed']);
    expect(resumed).toMatchObject({ place: 'switched-off', refused: [5] });
    const whole = [['rollback.started'], ['rollback.ended'], ['release.ended']] as const;
    expect(fold(...off, ['rollback.ended'], ...whole)).toMatchObject({
      status: 'ended',
      refused: [],
    });
  });

  it('is ended again once the flags of an ended release are off', () => {
    const ended = [...begun, ['release.ended', { outcome: 'released' }]] as const;
    const off = [...ended, ['rollback.started', { only: 'flags' }]] as const;
    expect(fold(...off).status).toBe('rolling-back');
    expect(fold(...off, ['rollback.ended'], ['flags.restored'])).toMatchObject({
      status: 'ended',
      outcome: 'released',
      restored: ['A'],
      refused: [],
    });
  });

  it('keeps a rollback due that broke off, whatever comes after it', () => {
    const broken = [...begun, ['rollback.started'], ['compensation.started']] as const;
    const trouble = [['release.failed'], ['release.interrupted'], ['release.overtaken']] as const;
    expect(fold(...broken, ...trouble)).toMatchObject({ status: 'rolling-back', refused: [] });
    const flagsOnly = [['rollback.started', { only: 'flags' }], ['rollback.ended']] as const;
    expect(fold(...broken, ...flagsOnly)).toMatchObject({ status: 'rolling-back', refused: [] });
  });

  it('opens an approved step again when the word is taken back', () => {
    const state = fold(
      ...begun,
      ['check.done'],
      ['approval.requested'],
      ['approval.given'],
      ['check.done'],
      ['step.ended'],
      ['approval.revoked'],
    );
    expect(state.refused).toEqual([]);
    expect(state.steps.get(1)).toMatchObject({
      ...{ status: 'running', verdict: null, approvals: [], requestStatus: 'none' },
      checks: [result, result],
    });
  });

  it('takes a skipped step for a go, and says who skipped it', () => {
    const state = fold(['release.created'], ['override.given'], ['step.skipped']);
    expect(state.steps.get(1)).toMatchObject({
      ...{ status: 'ended', verdict: 'go', checks: [] },
      skipped: { by: 'R', reason: 'x' },
    });
  });

  it('counts what the table refuses, and changes nothing by it', () => {
    const state = fold(['release.created'], ['check.done'], ['step.ended'], ['effect.done']);
    expect(state).toMatchObject({ status: 'running', entries: 4, refused: [2, 3, 4] });
    expect(state.steps.size + state.effects.size).toBe(0);
  });

  it('is the same whether folded at once or in two parts', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 30 }), fc.nat(30), (entries, cut) => {
        let state = foldJournal('r1', entries.slice(0, cut));
        for (const entry of entries.slice(cut)) state = applyEntry(state, entry);
        expect(state).toEqual(foldJournal('r1', entries));
      }),
    );
  });
});
