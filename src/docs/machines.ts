import type { Machine, Signal } from '../release/machine.ts';
import { machines } from '../release/transitions.ts';
import { rows, term, words } from './page.ts';

/** A row of cells for each signal; signals with the same cells share one. */
function matrix(machine: Machine<string>): string | undefined {
  const places = Object.keys(machine.places);
  const grouped = new Map<string, Signal[]>();
  for (const [signal, row] of Object.entries(machine.rows)) {
    const cells = places.map((place) => {
      const next = Object.hasOwn(row, place) ? row[place] : undefined;
      if (next === undefined) return '';
      return next === place ? '=' : next;
    });
    const key = JSON.stringify(cells);
    grouped.set(key, [...(grouped.get(key) ?? []), signal as Signal]);
  }
  const lines = [...grouped].map(([cells, signals]) => [
    signals.map(term).join(' '),
    ...(JSON.parse(cells) as string[]),
  ]);
  return rows(['', ...places], lines);
}

/** The state machine as tables: one for each kind of thing that a journal moves. */
export function machineParts(): readonly (string | undefined)[] {
  return Object.values(machines as Readonly<Record<string, Machine<string>>>).flatMap((machine) => [
    `### ${machine.about}`,
    rows(
      ['Place', 'Meaning'],
      Object.entries(machine.places).map(([place, meaning]) => [term(place), words(meaning)]),
    ),
    matrix(machine),
  ]);
}
