import type { CheckResult } from '../checks/check.ts';
import type { ApprovalBinding, EventData, EventType, RecordedError } from '../release/events.ts';

/** An event in words, with one example of it for each thing that its data may lead to. */
export interface EventWords<T extends EventType> {
  /** When it is written. */
  readonly about: string;
  readonly examples: readonly EventData[T][];
}

const digest = '0'.repeat(64);
const build = { name: 'concierge', version: '1.4.0', digest };
const error: RecordedError = { code: 'EFFECT_FAILED', message: 'not seen from outside' };
const effect = { step: 6, key: 'start-slot/production', title: 'start 1.4.0' };
const compensation = { key: 'purge-cdn/production', title: 'clear the CDN' };
const seen = { already: false, expected: 'ready', observed: 'ready' };
const check: CheckResult = {
  id: 'links/staging/widget',
  title: 'widget in staging',
  status: 'pass',
  expected: 'opens (200)',
  observed: '200',
};
const binding: ApprovalBinding = {
  release: '20261122-043205-1.4.0-3f9a',
  step: 5,
  plan: digest,
  build: digest,
  evidence: digest,
  environment: 'production',
  journal: digest,
  verdict: 'go',
  nonce: '00',
  expires: '2026-11-23T04:32:05.000Z',
};
const unsigned = { statement: '{}', signature: null, key: null };
const person = { step: 5, role: 'Product Manager' };

/** Every event. The type demands an example of each: the docs fold them as a journal would be. */
export const journalEvents: { readonly [T in EventType]: EventWords<T> } = {
  'release.created': {
    about: 'A release begins.',
    examples: [
      {
        project: 'aurora-concierge',
        build,
        stable: null,
        plan: { version: '1.0.0', digest, directory: 'checklists' },
        timeScale: 1,
        rehearsal: false,
        connect: {},
      },
    ],
  },
  'release.resumed': {
    about: 'It goes on where it stood, or from an earlier step again.',
    examples: [{ from: 4 }, { from: 2, again: true }],
  },
  'lease.acquired': {
    about: 'This process has the right to change an environment.',
    examples: [{ environment: 'production', fence: 1, holder: 'Alex W.' }],
  },
  'release.overtaken': {
    about:
      'Another release, or another process, took the right over; its holder can write no more.',
    examples: [
      {
        by: 'Maya T.',
        release: '20261122-050105-1.4.1-77aa',
        fence: 2,
        environment: 'production',
      },
    ],
  },
  'step.started': {
    about: 'A step begins, or begins again.',
    examples: [{ step: 1, plannedMs: 0 }],
  },
  'check.done': {
    about: 'One value was compared with one expectation.',
    examples: [{ step: 5, move: 0, result: check }],
  },
  'watch.progress': {
    about: 'A long check tells how far it is; a watch that broke off goes on from what it saw.',
    examples: [{ step: 7, text: 'collecting' }],
  },
  'effect.started': {
    about: 'Before an act: what was there, enough to undo it.',
    examples: [{ ...effect, before: {} }],
  },
  'effect.done': { about: 'It was seen from outside.', examples: [{ ...effect, ...seen }] },
  'effect.failed': {
    about: 'It failed, or was not seen in time.',
    examples: [{ ...effect, error }],
  },
  'effect.undone': { about: 'A no-go put it back.', examples: [effect] },
  'effect.undo-failed': {
    about: 'It could not be put back; it stands in the ticket.',
    examples: [{ ...effect, error }],
  },
  'approval.requested': {
    about: "A person's word is wanted.",
    examples: [
      {
        ...person,
        name: 'Omar V.',
        count: 1,
        eligible: 1,
        binding,
        expiresAt: 0,
        command: 'aurora approve',
      },
    ],
  },
  'approval.given': {
    about: 'It was given, for the evidence that was shown.',
    examples: [
      {
        ...person,
        by: 'omar.v',
        name: 'Omar V.',
        signed: false,
        comment: null,
        binding,
        ...unsigned,
      },
    ],
  },
  'approval.rejected': {
    about: 'It was refused: the gate is a fail.',
    examples: [
      { ...person, by: 'omar.v', name: 'Omar V.', reason: 'the offer is cut off', ...unsigned },
    ],
  },
  'approval.refused': {
    about: 'A word was offered that does not count, with why.',
    examples: [
      {
        step: 5,
        by: 'sam.k',
        code: 'APPROVAL_PERSON',
        reason: 'the plan wants the word of Omar V.',
        word: digest,
      },
    ],
  },
  'approval.revoked': {
    about: 'A word was taken back, or what it was bound to has changed: the step is open again.',
    examples: [{ ...person, by: 'omar.v', reason: 'the offer is wrong', ...unsigned }],
  },
  'override.given': {
    about: 'Somebody who may sets a freeze window or a step aside.',
    examples: [
      {
        subject: 'freeze',
        about: 'black-week',
        by: 'rita.m',
        role: 'Release Manager',
        reason: 'a hotfix for checkout',
        signed: true,
        ...unsigned,
      },
    ],
  },
  'step.skipped': {
    about: 'A step was passed over, with who and why.',
    examples: [
      { step: 3, by: 'rita.m', role: 'Release Manager', reason: 'seen by hand', signed: true },
    ],
  },
  'owner.told': {
    about: "A step's owner was told that it is their turn, or that it takes longer than planned.",
    examples: [{ step: 5, owner: 'Omar V.', why: 'turn', over: '#aurora-releases', ok: true }],
  },
  'step.ended': {
    about: 'A step has its verdict.',
    examples: [{ step: 5, verdict: 'go', reasons: [], evidence: digest }],
  },
  'release.held': {
    about: 'It stands still with what it has.',
    examples: [
      { step: 5, reason: 'waits for the word of Omar V.', waitsFor: 'approval' },
      { step: 7, reason: 'more evidence is needed', waitsFor: 'evidence' },
      { step: 7, reason: 'paused by Maya T.: lunch', waitsFor: 'person' },
    ],
  },
  'release.interrupted': {
    about: 'Ctrl-C or SIGTERM.',
    examples: [{ step: 7, signal: 'SIGINT' }],
  },
  'release.failed': {
    about: 'An error that is no verdict broke it off.',
    examples: [{ step: 4, error }],
  },
  'rollback.started': {
    about: 'Production is being brought back.',
    examples: [{ reason: '5xx since 02:10', only: null }],
  },
  'compensation.started': {
    about: 'Before one act of the rollback.',
    examples: [{ ...compensation, before: {} }],
  },
  'compensation.done': {
    about: 'It was seen from outside.',
    examples: [{ ...compensation, ...seen }],
  },
  'compensation.failed': {
    about: 'It failed, or was not seen; the others go on.',
    examples: [{ ...compensation, error }],
  },
  'rollback.ended': {
    about: 'Everything was tried; what was seen of the customers.',
    examples: [{ complete: true, failed: [], customersSafe: true, proof: [] }],
  },
  'flags.restored': {
    about: 'The flags that the rollback switched off are on again.',
    examples: [{ flags: ['AURORA_WIDGET_ENABLED'] }],
  },
  'document.written': {
    about: 'Ticket, release notes or incident note lie beside the journal.',
    examples: [{ kind: 'ticket', path: 'ticket.md' }],
  },
  'rescue.merged': {
    about: 'What the store could not take when it happened follows now.',
    examples: [{ entries: 4, path: 'rescue/20261122-043205-1.4.0-3f9a.jsonl' }],
  },
  'release.ended': {
    about: 'It is over. Only a rollback may still follow.',
    examples: [{ outcome: 'released', exit: 0, reason: 'serves every customer' }],
  },
};
