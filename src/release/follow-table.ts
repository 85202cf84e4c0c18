import type { EventData, EventType } from './events.ts';
import { type Machine, signalOf } from './machine.ts';
import type { ReleaseState } from './state.ts';
import { type MachineName, machines } from './transitions.ts';

/** One machine that an entry moves, or leaves where it is. */
export interface Transition {
  readonly machine: MachineName;
  /** Which step, effect or compensation; empty for the release. */
  readonly of: string;
  readonly from: string;
  /** Null: refused. */
  readonly to: string | null;
}

/** Acts outside the steps are written down under step 0, which is none. */
const outsideSteps = 0;

interface Subject {
  readonly machine: MachineName;
  readonly of: string;
  readonly from: string;
}

/** Everything that an entry may be about, with where it stands. */
function subjects(state: ReleaseState, data: unknown): readonly Subject[] {
  const { step, key } = data as { readonly step?: unknown; readonly key?: unknown };
  const found: Subject[] = [{ machine: 'release', of: '', from: state.place }];
  if (typeof step === 'number' && step !== outsideSteps) {
    const at = state.steps.get(step);
    found.push({ machine: 'step', of: String(step), from: at?.status ?? 'none' });
    found.push({ machine: 'request', of: String(step), from: at?.requestStatus ?? 'none' });
  }
  if (typeof key === 'string') {
    const acts = state.rollback?.compensations;
    found.push({ machine: 'effect', of: key, from: state.effects.get(key)?.status ?? 'none' });
    found.push({ machine: 'compensation', of: key, from: acts?.get(key)?.status ?? 'none' });
  }
  return found;
}

/**
 * What the table says of an entry in this state: the machines that have a row for it, each with
 * where it leads or that it is refused. Empty for a kind of entry that is not known.
 */
export function transitionsOf<T extends EventType>(
  state: ReleaseState,
  type: T,
  data: EventData[T],
): readonly Transition[] {
  const signal = signalOf(type, data);
  return subjects(state, data).flatMap((subject) => {
    const { rows }: Machine<string> = machines[subject.machine];
    if (!Object.hasOwn(rows, signal)) return [];
    const row = rows[signal] ?? {};
    const next = Object.hasOwn(row, subject.from) ? row[subject.from] : undefined;
    return [{ ...subject, to: next ?? null }];
  });
}

/** Why the table does not take an entry in this state; null when it does. */
export function refusal<T extends EventType>(
  state: ReleaseState,
  type: T,
  data: EventData[T],
): string | null {
  const refused = transitionsOf(state, type, data).find((one) => one.to === null);
  if (refused === undefined) return null;
  const { machine, of, from } = refused;
  const what = machine === 'release' ? 'the release' : `${machine} ${of}`;
  const { places }: Machine<string> = machines[machine];
  return `${type} does not fit: ${what} is ${from} (${places[from]})`;
}
