import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import { applyEntry, emptyState } from '../release/state.ts';
import { inline, markdownTable } from './markdown.ts';
import { narrate } from './narrate.ts';
import { utcLabel } from './words.ts';

/** One moment of a release, UTC. */
export interface Moment {
  readonly at: string;
  readonly actor: string;
  readonly text: string;
}

/** The journal as moments for readers: one for each entry that tells something. */
export function moments(plan: Plan, entries: readonly JournalEntry[]): readonly Moment[] {
  const found: Moment[] = [];
  let state = emptyState(entries[0]?.release ?? '');
  for (const entry of entries) {
    state = applyEntry(state, entry);
    const [first] = narrate(entry, { plan, state });
    if (first !== undefined) found.push({ at: entry.at, actor: entry.actor, text: first.text });
  }
  return found;
}

/** The journal as a table. Progress is left out: it decides nothing. */
export function timelineTable(plan: Plan, entries: readonly JournalEntry[]): string {
  const told = moments(
    plan,
    entries.filter((entry) => entry.type !== 'watch.progress'),
  );
  return markdownTable(
    ['Time (UTC)', 'Who', 'What'],
    told.map(({ at, actor, text }) => [
      utcLabel(at),
      inline(actor).replaceAll('|', '\\|'),
      inline(text).replaceAll('|', '\\|'),
    ]),
  );
}
