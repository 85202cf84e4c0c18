import type { CheckResult, Verdict } from '../checks/check.ts';
import type { ReleaseFacts } from '../checks/kind.ts';
import type { BuildIdentity, EventData, JournalEntry, Outcome, RecordedError } from './events.ts';
import { handlers } from './fold-release.ts';

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
  /** What watch windows were divided by; null where it is the release's own scale. */
  readonly timeScale: number | null;
  /** Results of the latest attempt. */
  readonly checks: readonly CheckResult[];
  readonly verdict: Verdict | null;
  readonly reasons: readonly string[];
  readonly evidence: string | null;
  readonly approval: EventData['approval.given'] | null;
  readonly rejection: EventData['approval.rejected'] | null;
  readonly request: EventData['approval.requested'] | null;
  /** Who passed it over, and why; null when it was carried out. */
  readonly skipped: EventData['step.skipped'] | null;
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

/** The state after one more entry. */
export function applyEntry(state: ReleaseState, entry: JournalEntry): ReleaseState {
  const next = handlerOf(entry.type)(state, entry.data, entry);
  // What has ended stays so, whatever trouble is written down after it: only a rollback opens it.
  const closed = state.status === 'ended' && entry.type !== 'rollback.started';
  const status = closed ? 'ended' : next.status;
  return {
    ...next,
    status,
    createdAt: state.createdAt || entry.at,
    starter: state.starter || entry.actor,
    updatedAt: entry.at,
    entries: state.entries + 1,
  };
}

type AnyHandler = (state: ReleaseState, data: unknown, entry: JournalEntry) => ReleaseState;

/** An entry of a kind that only a newer aurora knows changes nothing here. */
function handlerOf(type: string): AnyHandler {
  const known = handlers as unknown as Readonly<Record<string, AnyHandler>>;
  return (Object.hasOwn(handlers, type) ? known[type] : undefined) ?? ((state) => state);
}

/** The state that a journal tells. */
export function foldJournal(id: string, entries: Iterable<JournalEntry>): ReleaseState {
  let state = emptyState(id);
  for (const entry of entries) state = applyEntry(state, entry);
  return state;
}
