import { AuroraError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { canonicalJson } from '../proof/canonical.ts';
import { sha256 } from '../proof/digest.ts';
import type { EventData, EventType, JournalEntry } from './events.ts';

/** `prev` of the first entry. */
export const genesis = '0'.repeat(64);

/** The end of a chain: what the next entry builds on. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** The head of an empty journal. */
export const emptyHead: ChainHead = { seq: 0, hash: genesis };

/** Makes the next entry of a chain. `seq` counts from 1. */
export function nextEntry<T extends EventType>(
  head: ChainHead,
  release: string,
  at: string,
  actor: string,
  type: T,
  data: EventData[T],
): JournalEntry {
  return {
    v: 1,
    release,
    seq: head.seq + 1,
    prev: head.hash,
    at,
    actor,
    type,
    data,
  } as JournalEntry;
}

/** One line of the journal, canonical, without its newline: what the chain hashes. */
export function encodeEntry(entry: JournalEntry): string {
  return canonicalJson(entry as unknown as Json);
}

/** The head after this line. */
export function headAfter(entry: JournalEntry, line: string): ChainHead {
  return { seq: entry.seq, hash: sha256(line) };
}

/** A journal read back. */
export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  readonly head: ChainHead;
  /** Bytes of whole lines; what comes after is a line torn by a crash. */
  readonly wholeBytes: number;
}

function parseLine(line: string, where: string): JournalEntry {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'seq' in value && 'type' in value) {
      return value as JournalEntry;
    }
  } catch {
    // Falls through: the line is named below.
  }
  throw new AuroraError('JOURNAL_BROKEN', 'not a journal entry', { where });
}

function verifyLink(
  entry: JournalEntry,
  line: string,
  head: ChainHead,
  release: string,
  where: string,
) {
  const broken = (message: string) => new AuroraError('JOURNAL_BROKEN', message, { where });
  if (entry.v !== 1) throw broken(`entry version ${entry.v} is not known to this aurora`);
  if (entry.release !== release) throw broken(`entry belongs to release ${entry.release}`);
  if (entry.seq !== head.seq + 1)
    throw broken(`entry ${head.seq + 1} is missing, found ${entry.seq}`);
  if (entry.prev !== head.hash)
    throw broken('the entry before it was changed, or this one is foreign');
  if (encodeEntry(entry) !== line)
    throw broken('the entry is not in canonical form: it was edited');
}

/**
 * Reads the text of a journal and verifies its chain. A last line without a newline was torn by a
 * crash and is left out. Throws JOURNAL_BROKEN naming file and line of the first entry that does
 * not fit.
 */
export function readJournal(text: string, release: string, path: string): ReadJournal {
  const end = text.lastIndexOf('\n') + 1;
  const lines = end === 0 ? [] : text.slice(0, end - 1).split('\n');
  const entries: JournalEntry[] = [];
  let head = emptyHead;
  for (const [index, line] of lines.entries()) {
    const where = `${path}:${index + 1}`;
    const entry = parseLine(line, where);
    verifyLink(entry, line, head, release, where);
    entries.push(entry);
    head = headAfter(entry, line);
  }
  return { entries, head, wholeBytes: Buffer.byteLength(text.slice(0, end)) };
}
