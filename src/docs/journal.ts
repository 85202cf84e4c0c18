import type { EventType, JournalEntry } from '../release/events.ts';
import { applyEntry, emptyState, type ReleaseState, type ReleaseStatus } from '../release/state.ts';
import { type EventWords, journalEvents } from './journal-events.ts';
import { page, rows, term, words } from './page.ts';

/** Every status with what it means. */
const statuses: Readonly<Record<ReleaseStatus, string>> = {
  running: 'a process works on it; without one it has crashed, and `aurora resume` takes it up',
  waiting: "a person's word is missing",
  held: 'amber: evidence or a decision is missing',
  interrupted: 'stopped by a signal or by an error that is no verdict',
  'rolling-back': 'production is being brought back',
  ended: 'over, with an outcome',
};

function entryOf(type: EventType, data: unknown): JournalEntry {
  const frame = { v: 1, release: 'example', seq: 1, prev: '', at: '2026-11-22T00:00:00.000Z' };
  return { ...frame, actor: 'example', type, data } as JournalEntry;
}

/** The statuses that an event leads to, found by folding it onto a release in each status. */
function leadsTo(type: EventType, examples: readonly unknown[]): string {
  const all = Object.keys(statuses) as ReleaseStatus[];
  const moves = examples.flatMap((data) =>
    all.map((status) => {
      const before: ReleaseState = { ...emptyState('example'), status };
      return { before: status, after: applyEntry(before, entryOf(type, data)).status };
    }),
  );
  if (moves.every(({ before, after }) => before === after)) return '';
  return [...new Set(moves.map(({ after }) => after))].map(term).join(' or ');
}

function eventRow<T extends EventType>(type: T, { about, examples }: EventWords<T>) {
  const fields = Object.keys(examples[0] ?? {}).map(term);
  return [term(type), words(about), fields.join(' '), leadsTo(type, examples)];
}

/** `docs/journal.md`: the events of a release and what they do to its status. */
export function journalPage(): string {
  return page(
    'Journal',
    'A release is the fold of its journal: `.aurora/releases/<id>/journal.jsonl`, one entry a line, appended and synced to disk before and after every act (progress is not synced: a crash may lose it). Each entry names the SHA-256 of the line before it, so that an edited or missing line is noticed (`JOURNAL_BROKEN`). One process writes at a time.',
    'An entry is `{ v, release, seq, prev, at, actor, type, data }`; `prev` of the first is 64 zeros, `at` is ISO 8601 in UTC.',
    '## Statuses',
    rows(
      ['Status', 'Meaning'],
      Object.entries(statuses).map(([status, meaning]) => [term(status), words(meaning)]),
    ),
    '## Events',
    'The last column is what the event turns the status into; where it is empty, the status stays. This table is made by folding an example of each event.',
    rows(
      ['Event', 'When', 'Data', 'Status'],
      (Object.keys(journalEvents) as EventType[]).map((type) =>
        eventRow(type, journalEvents[type]),
      ),
    ),
  );
}
