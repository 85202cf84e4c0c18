import { type Machine, type Row, type Signal, stay, to } from './machine.ts';

/** Where a release stands. Several places look alike from outside: see `statusOf`. */
export type ReleasePlace =
  | 'none'
  | 'running'
  | 'waiting'
  | 'held'
  | 'interrupted'
  | 'rolling-back'
  | 'switching-off'
  | 'switched-off'
  | 'switching-off-ended'
  | 'ended';
export type StepPlace = 'none' | 'running' | 'waiting' | 'ended';
export type EffectPlace = 'none' | 'running' | 'done' | 'failed' | 'undone' | 'undo-failed';
export type CompensationPlace = 'none' | 'running' | 'done' | 'failed';
export type RequestPlace = 'none' | 'asked' | 'given' | 'rejected';

/** Where a release stands, as people are told. */
export type ReleaseStatus = Exclude<
  ReleasePlace,
  'switching-off' | 'switched-off' | 'switching-off-ended'
>;

/** What a place looks like from outside. */
export const statusOf: Readonly<Record<ReleasePlace, ReleaseStatus>> = {
  none: 'none',
  running: 'running',
  waiting: 'waiting',
  held: 'held',
  interrupted: 'interrupted',
  'rolling-back': 'rolling-back',
  'switching-off': 'rolling-back',
  'switched-off': 'held',
  'switching-off-ended': 'rolling-back',
  ended: 'ended',
};

/** Steps are being taken, or could be. */
const open = ['running', 'waiting', 'held', 'interrupted'] as const;
/** Production is being brought back. */
const undoing = ['rolling-back', 'switching-off', 'switching-off-ended'] as const;
const anyBegun = [...open, ...undoing, 'switched-off', 'ended'] as const;
const compensating: Row<ReleasePlace> = stay(...undoing);
const acting: Row<ReleasePlace> = to('running', 'none', 'running');
/** What breaks off keeps a rollback due, and an end an end. */
const brokenOff: Row<ReleasePlace> = {
  ...stay(...undoing, 'switched-off', 'ended'),
  ...to('interrupted', 'none', ...open),
};

const releaseRows: Readonly<Record<Signal, Row<ReleasePlace>>> = {
  // Leases come first, and acts outside a release need no more than them.
  'lease.acquired': stay('none', ...anyBegun),
  'release.overtaken': brokenOff,
  'release.created': to('running', 'none'),
  // `running` too: with no process behind it that is a crash.
  'release.resumed': to('running', ...open),
  'step.started': stay('running'),
  'check.done': to('running', 'running', 'waiting'),
  'watch.progress': stay(...anyBegun),
  'effect.started': acting,
  'effect.done': stay('running'),
  'effect.failed': acting,
  'effect.undone': stay(...open),
  'effect.undo-failed': stay(...open),
  'approval.requested': to('waiting', 'running', 'waiting'),
  // One word of several does not end the wait: what follows from all of them does.
  'approval.given': stay('running', 'waiting'),
  'approval.rejected': stay('running', 'waiting'),
  'approval.refused': stay('running', 'waiting'),
  'approval.revoked': { ...stay('held', 'interrupted'), ...to('running', 'running', 'waiting') },
  'override.given': stay('none', ...open),
  'step.skipped': to('running', 'running', 'waiting'),
  'owner.told': stay(...anyBegun),
  'step.ended': to('running', 'running', 'waiting'),
  'release.held': to('held', ...open),
  'release.held: approval': to('waiting', ...open),
  'release.interrupted': brokenOff,
  'release.failed': brokenOff,
  'rollback.started': to('rolling-back', 'none', ...anyBegun),
  'rollback.started: flags': {
    ...to('switching-off', 'none', ...open, 'switching-off', 'switched-off'),
    ...to('switching-off-ended', 'switching-off-ended', 'ended'),
    // A whole rollback that broke off stays due.
    ...stay('rolling-back'),
  },
  'compensation.started': compensating,
  'compensation.done': compensating,
  'compensation.failed': compensating,
  'rollback.ended': {
    ...stay('rolling-back'),
    ...to('switched-off', 'switching-off'),
    ...to('ended', 'switching-off-ended'),
  },
  'flags.restored': stay('rolling-back', 'switched-off', 'ended'),
  'document.written': stay(...anyBegun),
  'rescue.merged': stay('none', ...anyBegun),
  'release.ended': to('ended', 'none', ...open, 'rolling-back', 'switched-off'),
};

const release: Machine<ReleasePlace> = {
  about: 'The release',
  places: {
    none: 'nothing has been done yet',
    running: 'a process works on it; without one it has crashed, and `aurora resume` takes it up',
    waiting: "a person's word is missing",
    held: 'evidence or a decision is missing',
    interrupted: 'stopped by a signal, by an error that is no verdict, or by whoever took over',
    'rolling-back': 'production is being brought back; only `release.ended` ends that',
    'switching-off': 'flags are being switched off, and nothing else (`rollback --only flags`)',
    'switched-off':
      'the flags are off and customers safe; it cannot go on, `aurora rollback` brings back the rest',
    'switching-off-ended': 'flags are being switched off after the end',
    ended: 'over, with an outcome',
  },
  rows: releaseRows,
};

const duringStep: Row<StepPlace> = stay('running');
const afterwards: Row<StepPlace> = stay('running', 'waiting', 'ended');
const words: Row<StepPlace> = stay('running', 'waiting');

const step: Machine<StepPlace> = {
  about: 'A step',
  places: {
    none: 'not begun',
    running: 'being measured',
    waiting: "stands until a person's word has become one of its checks",
    ended: 'has its verdict, or was skipped',
  },
  rows: {
    'step.started': to('running', 'none', 'running', 'waiting', 'ended'),
    'check.done': to('running', 'running', 'waiting'),
    'effect.started': duringStep,
    'effect.done': duringStep,
    'effect.failed': duringStep,
    'effect.undone': afterwards,
    'effect.undo-failed': afterwards,
    'approval.requested': to('waiting', 'running', 'waiting'),
    'approval.given': words,
    'approval.rejected': words,
    // A word that would take an approval back comes after the end of its step.
    'approval.refused': { ...words, ...stay('ended') },
    'approval.revoked': to('running', 'running', 'waiting', 'ended'),
    'step.skipped': to('ended', 'none', 'running', 'waiting', 'ended'),
    'step.ended': to('ended', 'running', 'waiting'),
  },
};

const begun = ['running', 'done', 'failed', 'undo-failed'] as const;

const effect: Machine<EffectPlace> = {
  about: 'An effect',
  places: {
    none: 'not begun',
    running: 'begun; after a crash that means unknown, and it is probed',
    done: 'seen from outside',
    failed: 'failed, or not seen in time',
    undone: 'put back',
    'undo-failed': 'could not be put back',
  },
  rows: {
    'effect.started': to('running', 'none', 'undone', ...begun),
    'effect.done': to('done', 'running'),
    // One that could not even be looked at has no `effect.started`: there is nothing to undo.
    'effect.failed': {
      ...stay('none', 'undone', 'undo-failed'),
      ...to('failed', 'running', 'done', 'failed'),
    },
    'effect.undone': to('undone', ...begun),
    'effect.undo-failed': to('undo-failed', ...begun),
  },
};

const compensation: Machine<CompensationPlace> = {
  about: 'A compensation',
  places: {
    none: 'not begun in this rollback: each begins with all of them here',
    running: 'begun',
    done: 'seen from outside',
    failed: 'failed, or not seen in time',
  },
  rows: {
    'compensation.started': to('running', 'none', 'running', 'done', 'failed'),
    'compensation.done': to('done', 'running'),
    'compensation.failed': to('failed', 'none', 'running'),
  },
};

const request: Machine<RequestPlace> = {
  about: 'A request for approval',
  places: {
    none: 'nothing is asked for',
    asked: 'words are wanted',
    given: 'a word was given; a plan may want several',
    rejected: 'somebody said no',
  },
  rows: {
    // What is measured anew is shown anew.
    'step.started': to('none', 'none', 'asked', 'given', 'rejected'),
    'approval.requested': to('asked', 'none', 'asked', 'given', 'rejected'),
    'approval.given': to('given', 'asked', 'given'),
    'approval.rejected': to('rejected', 'asked', 'given', 'rejected'),
    'approval.refused': stay('asked', 'given', 'rejected'),
    'approval.revoked': to('none', 'asked', 'given', 'rejected'),
    'step.skipped': to('none', 'none', 'asked', 'given', 'rejected'),
    // Nothing ends over the head of somebody who was asked.
    'step.ended': stay('none', 'given', 'rejected'),
  },
};

/**
 * Every place and every transition there is, as data. The fold reads it, an append is held against
 * it, `docs/journal.md` shows it.
 */
export const machines = { release, step, effect, compensation, request } as const;
export type MachineName = keyof typeof machines;
