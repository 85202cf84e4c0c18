import fc from 'fast-check';
import type { EventData, EventType, JournalEntry } from '../../../src/release/events.ts';
import type { ApprovalBinding } from '../../../src/release/statement.ts';

const digest = 'b'.repeat(64);
const error = { code: 'EFFECT_FAILED', message: 'no' };
const unsigned = { statement: '{}', signature: null, key: null };

/** An event before it is anywhere in a journal. */
export type AnyEvent = {
  readonly [K in EventType]: { readonly type: K; readonly data: EventData[K] };
}[EventType];

const bindingOf = (step: number): ApprovalBinding => ({
  ...{ release: 'r1', step, environment: 'production', plan: digest, build: digest },
  ...{ evidence: digest, journal: digest, verdict: 'go', nonce: 'n', expires: '2026-01-01' },
});

function ofStep(step: number): readonly AnyEvent[] {
  const word = { step, by: 'omar', name: 'Omar V.', role: 'PM', ...unsigned };
  const ended = (verdict: EventData['step.ended']['verdict']): AnyEvent => ({
    type: 'step.ended',
    data: { step, verdict, reasons: [], evidence: digest },
  });
  const held = (waitsFor: EventData['release.held']['waitsFor']): AnyEvent => ({
    type: 'release.held',
    data: { step, reason: 'amber', waitsFor },
  });
  return [
    { type: 'step.started', data: { step, plannedMs: 1 } },
    {
      type: 'check.done',
      data: {
        ...{ step, move: 0 },
        result: { id: 'c', title: 'c', status: 'pass', expected: 'x', observed: 'x' },
      },
    },
    { type: 'watch.progress', data: { step, text: '50 %' } },
    {
      type: 'approval.requested',
      data: {
        ...{ step, role: 'PM', name: null, count: 1, eligible: 1, binding: bindingOf(step) },
        ...{ expiresAt: 1, command: 'x' },
      },
    },
    {
      type: 'approval.given',
      data: { ...word, signed: false, comment: null, binding: bindingOf(step) },
    },
    { type: 'approval.rejected', data: { ...word, reason: 'no' } },
    {
      type: 'approval.refused',
      data: { step, by: 'eve', code: 'APPROVAL_ROLE', reason: 'no', word: digest },
    },
    { type: 'approval.revoked', data: { ...word, reason: 'no' } },
    { type: 'step.skipped', data: { step, by: 'rita', role: 'RM', reason: 'x', signed: true } },
    { type: 'owner.told', data: { step, owner: 'O', why: 'turn', over: '#x', ok: true } },
    ended('go'),
    ended('no-go'),
    held('approval'),
    held('evidence'),
    held('person'),
  ];
}

function ofEffect(step: number, key: string, nth: number): readonly AnyEvent[] {
  const name = { step, key, title: key };
  const facts =
    nth === 0 ? { deployedAt: step, slots: { staging: 'blue' as const } } : { rampedAt: step };
  return [
    { type: 'effect.started', data: { ...name, before: { seen: nth } } },
    {
      type: 'effect.done',
      data: { ...name, already: false, expected: 'x', observed: 'x', facts },
    },
    { type: 'effect.failed', data: { ...name, error } },
    { type: 'effect.undone', data: name },
    { type: 'effect.undo-failed', data: { ...name, error } },
  ];
}

function ofCompensation(key: string): readonly AnyEvent[] {
  const name = { key, title: key };
  return [
    { type: 'compensation.started', data: { ...name, before: {} } },
    { type: 'compensation.done', data: { ...name, already: false, expected: 'x', observed: 'x' } },
    { type: 'compensation.failed', data: { ...name, error } },
  ];
}

const ofRelease: readonly AnyEvent[] = [
  {
    type: 'release.created',
    data: {
      project: 'p',
      build: { name: 'concierge', version: '1.4.0', digest },
      stable: null,
      plan: { version: '1', digest, directory: '/x' },
      ...{ timeScale: 1, rehearsal: false, connect: {} },
    },
  },
  { type: 'release.resumed', data: { from: 1 } },
  { type: 'lease.acquired', data: { environment: 'production', fence: 1, holder: 'Alex' } },
  {
    type: 'release.overtaken',
    data: { by: 'Maya', release: 'r2', fence: 2, environment: 'production' },
  },
  {
    type: 'override.given',
    data: {
      ...{ subject: 'freeze', about: 'w', by: 'rita', role: 'RM', reason: 'x', signed: true },
      ...unsigned,
    },
  },
  { type: 'release.interrupted', data: { step: 1, signal: 'SIGINT' } },
  { type: 'release.failed', data: { step: null, error } },
  { type: 'rollback.started', data: { reason: 'errors', only: null } },
  { type: 'rollback.started', data: { reason: 'errors', only: 'flags' } },
  {
    type: 'rollback.ended',
    data: { complete: true, failed: [], customersSafe: true, proof: [] },
  },
  { type: 'flags.restored', data: { flags: ['A'] } },
  { type: 'document.written', data: { kind: 'ticket', path: '/x' } },
  { type: 'rescue.merged', data: { entries: 1, path: '/x' } },
  { type: 'release.ended', data: { outcome: 'no-go', exit: 3, reason: 'x' } },
  { type: 'release.ended', data: { outcome: 'released', exit: 0, reason: 'x' } },
];

/** Events of every kind, for two steps, acts outside them, two effects and two compensations. */
export const events: readonly AnyEvent[] = [
  ...ofRelease,
  ...[1, 2].flatMap(ofStep),
  ...[0, 1, 2].flatMap((step) => ofEffect(step, `${step}/slot`, 0)),
  ...ofEffect(1, '1/slot', 1),
  ...ofEffect(1, '1/flag', 1),
  ...['flags', 'cdn'].flatMap(ofCompensation),
];

/** The event as an entry of a journal; the chain is of no matter here. */
export function entryOf({ type, data }: AnyEvent, index: number): JournalEntry {
  const at = new Date(index * 1_000).toISOString();
  const frame = { v: 1, release: 'r1', seq: index + 1, prev: '', at, actor: `actor ${index % 3}` };
  return { ...frame, type, data } as JournalEntry;
}

/** Any events in any order. */
export const garbage = fc
  .array(fc.constantFrom(...events), { maxLength: 60 })
  .map((some) => some.map(entryOf));
