import type { JournalEntry } from '../../../src/release/events.ts';
import { type Transition, transitionsOf } from '../../../src/release/follow-table.ts';
import { type Machine, signalOf } from '../../../src/release/machine.ts';
import { applyEntry, emptyState, type ReleaseState } from '../../../src/release/state.ts';
import { machines } from '../../../src/release/transitions.ts';
import { type AnyEvent, entryOf, events } from './entries.ts';

/** Every cell of the table that leads somewhere: `step / step.started / none`. */
export function allCells(): readonly string[] {
  const all: Readonly<Record<string, Machine<string>>> = machines;
  return Object.entries(all).flatMap(([name, { rows }]) =>
    Object.entries(rows).flatMap(([signal, row]) =>
      Object.keys(row).map((place) => `${name} / ${signal} / ${place}`),
    ),
  );
}

/** The cells that an event goes through in this state; undefined when the table refuses it. */
export function cellsOf(
  state: ReleaseState,
  { type, data }: AnyEvent,
): readonly string[] | undefined {
  const moved: readonly Transition[] = transitionsOf(state, type, data);
  if (moved.some(({ to }) => to === null)) return undefined;
  return moved.map(({ machine, from }) => `${machine} / ${signalOf(type, data)} / ${from}`);
}

const enders = new Set([
  'rollback.started',
  'release.ended',
  'release.failed',
  'release.overtaken',
]);

/** What is allowed here; mostly without what ends everything, so that walks go deep. */
export function choices(state: ReleaseState, dice: number): readonly AnyEvent[] {
  const allowed = events.filter((event) => cellsOf(state, event) !== undefined);
  const onward = allowed.filter(({ type }) => !enders.has(type));
  return onward.length === 0 || dice % 16 === 0 ? allowed : onward;
}

/** The journal that comes of taking, each time, one of the events that the table allows. */
export function legalWalk(dice: readonly number[]): readonly JournalEntry[] {
  let state = emptyState('r1');
  const entries: JournalEntry[] = [];
  for (const die of dice) {
    const allowed = choices(state, die);
    const event = allowed[Math.floor(die / 16) % allowed.length];
    if (event === undefined) break;
    const entry = entryOf(event, entries.length);
    entries.push(entry);
    state = applyEntry(state, entry);
  }
  return entries;
}

/** A state with the shortest journal that leads to it. */
export interface Reached {
  readonly past: readonly JournalEntry[];
  readonly state: ReleaseState;
}

/** One step, one effect and one compensation: what is true of them is true of each. */
export const few = events.filter(({ data }) => {
  const { step = 1, key } = data as { readonly step?: number; readonly key?: unknown };
  return step === 1 && (typeof key !== 'string' || key === '1/slot' || key === 'flags');
});

function signature({ place, steps, effects, rollback }: ReleaseState): string {
  const step = steps.get(1);
  return [
    place,
    step?.status,
    step?.requestStatus,
    effects.get('1/slot')?.status,
    rollback?.compensations.get('flags')?.status,
  ].join();
}

/** Every combination of places that a legal journal can reach, found breadth first. */
export function everyState(): readonly Reached[] {
  const reached: Reached[] = [{ past: [], state: emptyState('r1') }];
  const known = new Set(reached.map(({ state }) => signature(state)));
  for (const { past, state } of reached) {
    for (const event of few) {
      if (cellsOf(state, event) === undefined) continue;
      const entry = entryOf(event, past.length);
      const next = applyEntry(state, entry);
      if (known.has(signature(next))) continue;
      known.add(signature(next));
      reached.push({ past: [...past, entry], state: next });
    }
  }
  return reached;
}
