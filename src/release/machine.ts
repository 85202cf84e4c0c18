import type { EventData, EventType } from './events.ts';

/** What the table knows an entry by: its type, and where that matters what is in it. */
export type Signal = EventType | 'release.held: approval' | 'rollback.started: flags';

/** For each place that takes the signal: where it leads. A place that is not named refuses it. */
export type Row<Place extends string> = { readonly [P in Place]?: Place };

/** One of the machines that a journal moves. */
export interface Machine<Place extends string> {
  /** What it is about, for people: "a step". */
  readonly about: string;
  /** Every place with what it means; the first one is where it begins. */
  readonly places: Readonly<Record<Place, string>>;
  /** Signals that have no row leave the machine alone. */
  readonly rows: Readonly<Partial<Record<Signal, Row<Place>>>>;
}

/** These places take the signal and stay. */
export function stay<P extends string>(...places: readonly P[]): Row<P> {
  return Object.fromEntries(places.map((place) => [place, place])) as Row<P>;
}

/** These places lead to one. */
export function to<P extends string>(next: P, ...from: readonly P[]): Row<P> {
  return Object.fromEntries(from.map((place) => [place, next])) as Row<P>;
}

/** What the table knows an entry by. */
export function signalOf<T extends EventType>(type: T, data: EventData[T]): Signal {
  const { waitsFor, only } = data as { readonly waitsFor?: unknown; readonly only?: unknown };
  if (type === 'release.held' && waitsFor === 'approval') return 'release.held: approval';
  if (type === 'rollback.started' && only === 'flags') return 'rollback.started: flags';
  return type;
}
