import type { JsonObject } from '../base/json.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { ReleaseFacts } from '../checks/kind.ts';
import type { BuildIdentity, EventData, JournalEntry, Outcome, RecordedError } from './events.ts';
import { handlers } from './fold-release.ts';
import { transitionsOf } from './follow-table.ts';
import { stamped } from './stamp.ts';
import type {
  CompensationPlace,
  EffectPlace,
  ReleasePlace,
  ReleaseStatus,
  RequestPlace,
  StepPlace,
} from './transitions.ts';

export type { ReleaseStatus } from './transitions.ts';

/** An effect as the journal tells it. After a crash `running` means unknown. */
export interface EffectState {
  readonly step: number;
  readonly title: string;
  readonly status: Exclude<EffectPlace, 'none'>;
  readonly before: EventData['effect.started']['before'];
  readonly observed?: string;
  readonly error?: RecordedError;
}

/** A step as the journal tells it. */
export interface StepState {
  readonly step: number;
  readonly status: Exclude<StepPlace, 'none'>;
  /** Where the request for approval stands. */
  readonly requestStatus: RequestPlace;
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
  /** Words given for the request that stands. */
  readonly approvals: readonly EventData['approval.given'][];
  readonly rejection: EventData['approval.rejected'] | null;
  readonly request: EventData['approval.requested'] | null;
  /** Who passed it over, and why; null when it was carried out. */
  readonly skipped: EventData['step.skipped'] | null;
  readonly progress: string | null;
  /** What its watches saw, oldest first: the latest of each, as the journal tells it. */
  readonly looks: readonly SeenLook[];
}

/** One look of a watch. */
export interface SeenLook {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** As the watch wrote it, without its raw reading. */
  readonly data: JsonObject;
}

/** A compensation of the rollback as the journal tells it. */
export interface CompensationState {
  readonly key: string;
  readonly title: string;
  readonly status: Exclude<CompensationPlace, 'none'>;
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
  /** Where it stands in the table; `status` is what that looks like from outside. */
  readonly place: ReleasePlace;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly starter: string;
  readonly created: EventData['release.created'] | null;
  readonly build: BuildIdentity | null;
  readonly facts: ReleaseFacts;
  readonly steps: ReadonlyMap<number, StepState>;
  readonly effects: ReadonlyMap<string, EffectState>;
  /** Rules of the plan that were set aside for this release. */
  readonly overrides: readonly EventData['override.given'][];
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
  /** Entries that the table does not take where they stand: they changed nothing. */
  readonly refused: readonly number[];
}

/** The state before the first entry. */
export function emptyState(id: string): ReleaseState {
  return {
    id,
    status: 'none',
    place: 'none',
    createdAt: '',
    updatedAt: '',
    starter: '',
    created: null,
    build: null,
    facts: { candidate: '', stable: null, slots: {} },
    steps: new Map(),
    effects: new Map(),
    overrides: [],
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
    refused: [],
  };
}

/**
 * The state after one more entry. What is read may be old or foreign and is shown all the same: an
 * entry that the table refuses is counted, and changes nothing.
 */
export function applyEntry(state: ReleaseState, entry: JournalEntry): ReleaseState {
  const framed: ReleaseState = {
    ...state,
    createdAt: state.createdAt || entry.at,
    starter: state.starter || entry.actor,
    updatedAt: entry.at,
    entries: state.entries + 1,
  };
  const moved = transitionsOf(state, entry.type, entry.data);
  if (moved.some(({ to }) => to === null)) {
    return { ...framed, refused: [...state.refused, entry.seq] };
  }
  return stamped(handlerOf(entry.type)(framed, entry.data, entry), moved);
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
