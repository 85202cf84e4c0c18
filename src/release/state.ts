import type { CheckResult, Verdict } from '../checks/check.ts';
import type { ReleaseFacts } from '../checks/kind.ts';
import type { BuildIdentity, EventData, JournalEntry, Outcome, RecordedError } from './events.ts';

/** Where a release stands. */
export type ReleaseStatus =
  | 'running'
  /** Waits for a person's word. */
  | 'waiting'
  /** Stopped on amber: evidence or a decision is missing. */
  | 'held'
  | 'interrupted'
  | 'rolling-back'
  | 'ended';

/** An effect as the journal tells it. After a crash `running` means unknown. */
export interface EffectState {
  readonly step: number;
  readonly title: string;
  readonly status: 'running' | 'done' | 'failed' | 'undone' | 'undo-failed';
  readonly before: EventData['effect.started']['before'];
  readonly observed?: string;
  readonly error?: RecordedError;
}

/** A step as the journal tells it. */
export interface StepState {
  readonly step: number;
  readonly status: 'running' | 'ended';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly plannedMs: number;
  /** Results of the latest attempt. */
  readonly checks: readonly CheckResult[];
  readonly verdict: Verdict | null;
  readonly reasons: readonly string[];
  readonly evidence: string | null;
  readonly approval: EventData['approval.given'] | null;
  readonly rejection: EventData['approval.rejected'] | null;
  readonly request: EventData['approval.requested'] | null;
  readonly progress: string | null;
}

/** A compensation of the rollback as the journal tells it. */
export interface CompensationState {
  readonly key: string;
  readonly title: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly already: boolean;
  readonly expected?: string;
  readonly observed?: string;
  readonly before: EventData['compensation.started']['before'];
  readonly error?: RecordedError;
}

/** A release, folded from its journal. */
export interface ReleaseState {
  readonly id: string;
  readonly status: ReleaseStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly starter: string;
  readonly created: EventData['release.created'] | null;
  readonly build: BuildIdentity | null;
  readonly facts: ReleaseFacts;
  readonly steps: ReadonlyMap<number, StepState>;
  readonly effects: ReadonlyMap<string, EffectState>;
  readonly current: number | null;
  readonly hold: EventData['release.held'] | null;
  readonly rollback: {
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly started: EventData['rollback.started'];
    readonly ended: EventData['rollback.ended'] | null;
    readonly compensations: ReadonlyMap<string, CompensationState>;
  } | null;
  readonly documents: readonly EventData['document.written'][];
  /** Flags given back after the rollback; null until then. */
  readonly restored: readonly string[] | null;
  readonly failure: EventData['release.failed'] | null;
  readonly outcome: Outcome | null;
  readonly ended: EventData['release.ended'] | null;
  readonly endedAt: string | null;
  readonly entries: number;
}

/** The state before the first entry. */
export function emptyState(id: string): ReleaseState {
  return {
    id,
    status: 'running',
    createdAt: '',
    updatedAt: '',
    starter: '',
    created: null,
    build: null,
    facts: { candidate: '', stable: null, slots: {} },
    steps: new Map(),
    effects: new Map(),
    current: null,
    hold: null,
    rollback: null,
    documents: [],
    restored: null,
    failure: null,
    outcome: null,
    ended: null,
    endedAt: null,
    entries: 0,
  };
}

function withStep(state: ReleaseState, step: number, change: Partial<StepState>): ReleaseState {
  const old = state.steps.get(step);
  if (old === undefined) return state;
  return { ...state, steps: new Map(state.steps).set(step, { ...old, ...change }) };
}

function withEffect(state: ReleaseState, key: string, change: Partial<EffectState>): ReleaseState {
  const old = state.effects.get(key);
  if (old === undefined) return state;
  return { ...state, effects: new Map(state.effects).set(key, { ...old, ...change }) };
}

function withCompensation(
  state: ReleaseState,
  key: string,
  make: (old: CompensationState | undefined) => CompensationState,
): ReleaseState {
  if (state.rollback === null) return state;
  const compensations = new Map(state.rollback.compensations);
  compensations.set(key, make(compensations.get(key)));
  return { ...state, rollback: { ...state.rollback, compensations } };
}

function mergeFacts(facts: ReleaseFacts, change: Partial<ReleaseFacts> | undefined): ReleaseFacts {
  if (change === undefined) return facts;
  return { ...facts, ...change, slots: { ...facts.slots, ...change.slots } };
}

type Handlers = {
  readonly [K in keyof EventData]: (
    state: ReleaseState,
    data: EventData[K],
    entry: JournalEntry,
  ) => ReleaseState;
};

const handlers: Handlers = {
  'release.created': (state, data, entry) => ({
    ...state,
    createdAt: entry.at,
    starter: entry.actor,
    created: data,
    build: data.build,
    facts: { candidate: data.build.digest, stable: data.stable?.digest ?? null, slots: {} },
  }),
  'release.resumed': (state) => ({ ...state, status: 'running', hold: null, failure: null }),
  'lease.acquired': (state) => state,
  'step.started': (state, data, entry) => ({
    ...state,
    status: 'running',
    current: data.step,
    steps: new Map(state.steps).set(data.step, {
      step: data.step,
      status: 'running',
      // A resumed step began when it first began: the ticket's duration includes the break.
      startedAt: state.steps.get(data.step)?.startedAt ?? entry.at,
      endedAt: null,
      plannedMs: data.plannedMs,
      checks: [],
      verdict: null,
      reasons: [],
      evidence: null,
      approval: null,
      rejection: null,
      request: null,
      progress: null,
    }),
  }),
  'check.done': (state, data) => {
    const checks = state.steps.get(data.step)?.checks ?? [];
    return withStep(state, data.step, { checks: [...checks, data.result] });
  },
  'watch.progress': (state, data) => withStep(state, data.step, { progress: data.text }),
  'effect.started': (state, data) => ({
    ...state,
    effects: new Map(state.effects).set(data.key, {
      step: data.step,
      title: data.title,
      status: 'running',
      // A repeated start after a crash sees what the first one did: the first `before` is the true one.
      before: state.effects.get(data.key)?.before ?? data.before,
    }),
  }),
  'effect.done': (state, data) => {
    const next = withEffect(state, data.key, { status: 'done', observed: data.observed });
    return { ...next, facts: mergeFacts(state.facts, data.facts) };
  },
  'effect.failed': (state, data) =>
    withEffect(state, data.key, { status: 'failed', error: data.error }),
  'effect.undone': (state, data) => withEffect(state, data.key, { status: 'undone' }),
  'effect.undo-failed': (state, data) =>
    withEffect(state, data.key, { status: 'undo-failed', error: data.error }),
  'approval.requested': (state, data) => ({
    ...withStep(state, data.step, { request: data }),
    status: 'waiting',
  }),
  'approval.given': (state, data) => ({
    ...withStep(state, data.step, { approval: data }),
    status: 'running',
  }),
  'approval.rejected': (state, data) => ({
    ...withStep(state, data.step, { rejection: data }),
    status: 'running',
  }),
  'approval.refused': (state) => state,
  'step.ended': (state, data, entry) =>
    withStep(state, data.step, {
      status: 'ended',
      endedAt: entry.at,
      verdict: data.verdict,
      reasons: data.reasons,
      evidence: data.evidence,
    }),
  'release.held': (state, data) => ({
    ...state,
    status: data.waitsFor === 'approval' ? 'waiting' : 'held',
    hold: data,
  }),
  'release.interrupted': (state) => ({ ...state, status: 'interrupted' }),
  'release.failed': (state, data) => ({ ...state, status: 'interrupted', failure: data }),
  'rollback.started': (state, data, entry) => ({
    ...state,
    status: 'rolling-back',
    restored: null,
    createdAt: state.createdAt === '' ? entry.at : state.createdAt,
    starter: state.starter === '' ? entry.actor : state.starter,
    rollback: {
      startedAt: entry.at,
      endedAt: null,
      started: data,
      ended: null,
      compensations: new Map(),
    },
  }),
  'compensation.started': (state, data) =>
    withCompensation(state, data.key, () => ({ ...data, status: 'running', already: false })),
  'compensation.done': (state, data) =>
    withCompensation(state, data.key, (old) => ({
      ...data,
      status: 'done',
      before: old?.before ?? {},
    })),
  'compensation.failed': (state, data) =>
    withCompensation(state, data.key, (old) => ({
      ...data,
      status: 'failed',
      already: false,
      before: old?.before ?? {},
    })),
  'rollback.ended': (state, data, entry) =>
    state.rollback === null
      ? state
      : { ...state, rollback: { ...state.rollback, ended: data, endedAt: entry.at } },
  'flags.restored': (state, data) => ({ ...state, restored: data.flags }),
  'document.written': (state, data) => ({ ...state, documents: [...state.documents, data] }),
  'release.ended': (state, data, entry) => ({
    ...state,
    status: 'ended',
    outcome: data.outcome,
    ended: data,
    endedAt: entry.at,
  }),
};

/** The state after one more entry. */
export function applyEntry(state: ReleaseState, entry: JournalEntry): ReleaseState {
  const handler = handlers[entry.type] as (
    state: ReleaseState,
    data: unknown,
    entry: JournalEntry,
  ) => ReleaseState;
  const next = handler(state, entry.data, entry);
  return { ...next, updatedAt: entry.at, entries: state.entries + 1 };
}

/** The state that a journal tells. */
export function foldJournal(id: string, entries: Iterable<JournalEntry>): ReleaseState {
  let state = emptyState(id);
  for (const entry of entries) state = applyEntry(state, entry);
  return state;
}
