import { describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import {
  emptyHead,
  encodeEntry,
  headAfter,
  nextEntry,
  readJournal,
} from '../../src/release/journal.ts';

function lines(count: number, release = 'r1'): string[] {
  let head = emptyHead;
  return Array.from({ length: count }, (_, index) => {
    const entry = nextEntry(head, release, '2026-01-01T00:00:00.000Z', 'Alex', 'release.resumed', {
      from: index,
    });
    const line = encodeEntry(entry);
    head = headAfter(entry, line);
    return line;
  });
}

const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

function refusal(journal: string): AuroraError {
  try {
    readJournal(journal, 'r1', 'journal.jsonl');
  } catch (error) {
    if (error instanceof AuroraError) return error;
  }
  throw new Error('it was accepted');
}

describe('journal', () => {
  it('reads back what was written, in order', () => {
    const read = readJournal(text(lines(3)), 'r1', 'journal.jsonl');
    expect(read.entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(read.head.seq).toBe(3);
  });

  it('leaves out a last line torn by a crash, and says how many bytes are whole', () => {
    const whole = text(lines(2));
    const read = readJournal(`${whole}{"v":1,"rel`, 'r1', 'journal.jsonl');
    expect(read.entries).toHaveLength(2);
    expect(read.wholeBytes).toBe(Buffer.byteLength(whole));
  });

  it.each([
    [
      'an edited entry',
      (all: string[]) =>
        all.map((line, i) => (i === 1 ? line.replace('"from":1', '"from":9') : line)),
      'journal.jsonl:3',
    ],
    ['a missing entry', (all: string[]) => all.filter((_, i) => i !== 1), 'journal.jsonl:2'],
    ['reordered entries', ([a, b, c]: string[]) => [a ?? '', c ?? '', b ?? ''], 'journal.jsonl:2'],
    [
      'an entry of another release',
      (all: string[]) => [...all, lines(1, 'r2')[0] ?? ''],
      'journal.jsonl:4',
    ],
    ['a line that is no entry', (all: string[]) => [...all, 'hello'], 'journal.jsonl:4'],
    [
      'spaces put into an entry',
      (all: string[]) => all.map((line, i) => (i === 2 ? line.replace(',', ', ') : line)),
      'journal.jsonl:3',
    ],
  ])('refuses %s and names its line', (_what, change, where) => {
    const error = refusal(text(change(lines(3))));
    expect(error.code).toBe('JOURNAL_BROKEN');
    expect(error.where).toBe(where);
  });

  it('encodes the same entry to the same bytes whatever the order of its keys', () => {
    const [line = ''] = lines(1);
    const entry = JSON.parse(line) as JournalEntry;
    const shuffled = Object.fromEntries(Object.entries(entry).reverse()) as unknown as JournalEntry;
    expect(encodeEntry(shuffled)).toBe(line);
  });
});
