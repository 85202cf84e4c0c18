import { sha256 } from '../proof/digest.ts';
import type { JournalEntry } from './events.ts';
import { encodeEntry, genesis } from './journal.ts';
import type { Notebook, Place } from './verify-report.ts';

/** A line of a journal; `entry` is null for one that is none. */
export interface Line {
  readonly place: Place;
  readonly entry: JournalEntry | null;
  /** Of the very bytes. */
  readonly hash: string;
  readonly text: string;
}

const isText = (value: unknown) => typeof value === 'string';

/** The entry that a line is, as far as its frame goes; null when it is none. */
function parseEntry(text: string): JournalEntry | null {
  let value: Readonly<Record<string, unknown>> | null;
  try {
    value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { seq, type, release, prev, at, actor, data } = value;
  const framed = Number.isInteger(seq) && [type, release, prev, at, actor].every(isText);
  const whole = framed && typeof data === 'object' && data !== null && !Array.isArray(data);
  return whole ? (value as unknown as JournalEntry) : null;
}

/** The lines of a journal, and how many bytes of a last one a crash left behind. */
export function readLines(text: string): {
  readonly lines: readonly Line[];
  readonly torn: number;
} {
  const end = text.lastIndexOf('\n') + 1;
  const torn = Buffer.byteLength(text.slice(end));
  if (end === 0) return { lines: [], torn };
  const lines = text
    .slice(0, end - 1)
    .split('\n')
    .map((line, index): Line => {
      const entry = parseEntry(line);
      const place = { line: index + 1, seq: entry?.seq ?? null, type: entry?.type ?? null };
      return { place, entry, hash: sha256(line), text: line };
    });
  return { lines, torn };
}

/** Whether a line names the one before it. */
function isLinked(lines: readonly Line[], index: number): boolean {
  const entry = lines[index]?.entry;
  return entry !== undefined && entry?.prev === (lines[index - 1]?.hash ?? genesis);
}

/** What is wrong with the number of an entry; null when it follows. */
function wrongNumber(before: number, seq: number): string | null {
  if (seq === before + 1) return null;
  if (seq <= before) return `entry ${seq} stands here again, or later than it should`;
  const [first, last] = [before + 1, seq - 1];
  return first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;
}

/**
 * A broken link lies between two lines. Where the later line is linked to what follows it, it is
 * the earlier one that was changed after it; where it is not, the later one is not as it was.
 */
function checkLinks(lines: readonly Line[], notebook: Notebook): void {
  for (const [index, { place, entry }] of lines.entries()) {
    if (entry === null || isLinked(lines, index)) continue;
    const before = lines[index - 1];
    const laterIsOff = index + 1 < lines.length && !isLinked(lines, index + 1);
    const follows = before?.entry !== null && entry.seq === (before?.entry.seq ?? 0) + 1;
    if (before === undefined || laterIsOff || !follows) {
      notebook.note('wrong', 'chain', place, 'it does not name the line before it');
    } else {
      const what = 'it was changed after the next entry was written';
      notebook.note('wrong', 'chain', before.place, what);
    }
  }
}

/** Chain, form, release, version and order of all lines. */
export function verifyChain(lines: readonly Line[], release: string, notebook: Notebook): void {
  let before = 0;
  for (const { place, entry, text } of lines) {
    notebook.looked('chain');
    const wrong = (what: string) => notebook.note('wrong', 'chain', place, what);
    if (entry === null) {
      wrong('it is no journal entry');
      continue;
    }
    if (entry.v !== 1) wrong(`version ${String(entry.v)} is not known to this aurora`);
    if (entry.release !== release) wrong(`it belongs to release ${entry.release}`);
    if (encodeEntry(entry) !== text) wrong('it is not in canonical form: it was edited');
    const number = wrongNumber(before, entry.seq);
    if (number !== null) wrong(number);
    before = entry.seq;
  }
  checkLinks(lines, notebook);
}
