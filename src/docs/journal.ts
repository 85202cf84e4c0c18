import type { EventType } from '../release/events.ts';
import { statusOf } from '../release/transitions.ts';
import { type EventWords, journalEvents } from './journal-events.ts';
import { machineParts } from './machines.ts';
import { page, rows, term, words } from './page.ts';

function eventRow<T extends EventType>(type: T, { about, examples }: EventWords<T>) {
  const fields = Object.keys(examples[0] ?? {}).map(term);
  return [term(type), words(about), fields.join(' ')];
}

/** Places that people are told of by another word: `switched-off` is shown as `held`. */
function otherWords(): string {
  return Object.entries(statusOf)
    .filter(([place, status]) => place !== status)
    .map(([place, status]) => `${term(place)} is shown as ${term(status)}`)
    .join(', ');
}

/** `docs/journal.md`: the events of a release and what they do to it. */
export function journalPage(): string {
  return page(
    'Journal',
    'A release is the fold of its journal: `.aurora/releases/<id>/journal.jsonl`, one entry a line, appended and synced to disk before and after every act (progress is not synced: a crash may lose it). Each entry names the SHA-256 of the line before it, so that an edited or missing line is noticed (`JOURNAL_BROKEN`). One process writes at a time.',
    'An entry is `{ v, release, seq, prev, at, actor, type, data }`; `prev` of the first is 64 zeros, `at` is ISO 8601 in UTC.',
    '## Events',
    rows(
      ['Event', 'When', 'Data'],
      (Object.keys(journalEvents) as EventType[]).map((type) =>
        eventRow(type, journalEvents[type]),
      ),
    ),
    '## The state machine',
    `One table says what every event does to the release, to its steps, effects and compensations, and to a request for approval. The fold reads it, an append is held against it (\`JOURNAL_REFUSED\`), \`aurora verify\` goes through a journal with it, and these pages are made from it.`,
    `A row is an event, a column the place where the thing stands, a cell where the event leads; \`=\` stays there, an empty cell refuses. An event that has no row does not concern the thing. An entry that is refused where it stands changes nothing when a journal is read: it is counted, and \`aurora verify\` names it. A rollback is never refused an entry.`,
    `\`release.held: approval\` is a \`release.held\` that waits for a word, \`rollback.started: flags\` one of \`rollback --only flags\`. Of the places of a release, ${otherWords()}.`,
    ...machineParts(),
    verifyPart,
  );
}

const verifyPart = `## What \`aurora verify\` finds, and what it cannot

It reads nothing but the journal, the documents beside it and the approvers file, and reaches no service. In the order of the journal it looks at the chain and the form of each line, release, sequence and version; whether the table takes the entry; whether no number of a lease falls; whether the evidence of a step is the digest of its checks; whether each approval is bound to the plan, build, evidence and history that stood before it was asked for; and whether each signature is good, over that very text, by a key of a person who may. The first entry that does not fit is named, then the others.

- An edited, missing, moved or foreign line breaks the chain: no key is needed to see that.
- Somebody who may write the file can edit a line and make every later link anew. What a signature stands after is safe all the same: the request names the digest of the whole history before it, and the signature covers the request.
- **Not seen:** the last entry, edited in place; entries after the last signature that were edited and linked anew; entries cut off at the end, together with the documents that name them; a journal without any signature that was made anew as a whole. Copy journals, or the digest of their last line (\`aurora verify\` prints it), to a place where the writer cannot reach them.`;
