import type { JournalEntry } from './events.ts';

interface Recorded {
  readonly enabled?: unknown;
}

function enabledIn(before: Readonly<Record<string, unknown>>): readonly string[] {
  const { flags } = before;
  if (flags === null || typeof flags !== 'object' || Array.isArray(flags)) return [];
  return Object.entries(flags as Readonly<Record<string, Recorded | null>>)
    .filter(([, flag]) => flag?.enabled === true)
    .map(([name]) => name);
}

/**
 * The flags that rollbacks switched off and nobody gave back since. A rollback may be run again: the
 * second one finds the flags off, so what counts is every one that was found on.
 */
export function flagsBefore(entries: readonly JournalEntry[]): readonly string[] {
  const found = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'flags.restored') found.clear();
    if (entry.type !== 'compensation.started') continue;
    if (!entry.data.key.startsWith('disable-flags/')) continue;
    for (const name of enabledIn(entry.data.before)) found.add(name);
  }
  return [...found];
}
