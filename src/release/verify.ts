import { basename } from 'node:path';
import { AuroraError } from '../base/errors.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { EventData } from './events.ts';
import { genesis } from './journal.ts';
import { type Line, readLines, verifyChain } from './verify-chain.ts';
import { EntryWalk } from './verify-entries.ts';
import { Notebook, type VerifyReport } from './verify-report.ts';

/** Everything that a journal is verified with; nothing else is looked at. */
export interface VerifyInput {
  /** The journal as it lies there. */
  readonly text: string;
  /** The journal, for people: a path. */
  readonly where: string;
  /** The release that it should be of; null: the one that its first entry names. */
  readonly release: string | null;
  /** Null: none at hand. */
  readonly approvers: Approvers | null;
  /** SHA-256 of the files beside it, by their paths below its directory; `null` for one that is not there. */
  readonly documents: ReadonlyMap<string, string | null>;
  /** Whether documents should lie beside it: a journal that was copied alone has none. */
  readonly withDocuments: boolean;
}

type Document = EventData['document.written'];

/** The last word on each kind of document, with the line that says it. */
function lastDocuments(lines: readonly Line[]): ReadonlyMap<string, [Line, Document]> {
  const last = new Map<string, [Line, Document]>();
  for (const line of lines) {
    const { entry } = line;
    if (entry?.type !== 'document.written' || typeof entry.data.path !== 'string') continue;
    last.set(entry.data.kind, [line, entry.data]);
  }
  return last;
}

/** A file that a journal says lies beside it. */
interface KeptFile {
  readonly place: Line['place'];
  /** Below the directory of the release. */
  readonly name: string;
  readonly sha256: string | undefined;
}

/** The documents as they were written last, and every screenshot that a check names. */
function keptFiles(lines: readonly Line[]): readonly KeptFile[] {
  const documents = [...lastDocuments(lines).values()].map(([{ place }, { path, sha256 }]) => ({
    ...{ place, sha256 },
    name: nameOf(path),
  }));
  const screens = lines.flatMap(({ entry, place }) =>
    entry?.type === 'check.done' ? screenOf(entry.data).map((one) => ({ ...one, place })) : [],
  );
  return [...documents, ...screens];
}

/** A journal that was altered may say anything: only a whole screenshot is one. */
function screenOf({ result }: EventData['check.done']): readonly Omit<KeptFile, 'place'>[] {
  const { file, sha256 } = result?.evidence ?? {};
  if (typeof result?.id !== 'string' || !result.id.startsWith('screens/')) return [];
  if (typeof file !== 'string' || typeof sha256 !== 'string') return [];
  return [{ name: `evidence/${nameOf(file)}`, sha256 }];
}

/** The files that a journal says lie beside it, by their paths below its directory. */
export function namedDocuments(text: string): readonly string[] {
  return keptFiles(readLines(text).lines).map(({ name }) => name);
}

/** A path of another machine, of whatever kind. */
function nameOf(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

function verifyDocuments(lines: readonly Line[], input: VerifyInput, notebook: Notebook): void {
  for (const { place, name, sha256 } of keptFiles(lines)) {
    const found = input.documents.get(name) ?? null;
    notebook.looked('documents');
    if (found === null) {
      const weight = input.withDocuments ? 'wrong' : 'unsure';
      notebook.note(weight, 'documents', place, `${name} is not there`);
    } else if (sha256 === undefined) {
      notebook.note('unsure', 'documents', place, `its digest was not written down: ${name}`);
    } else if (sha256 !== found) {
      notebook.note('wrong', 'documents', place, `${name} is not as it was written`);
    }
  }
}

/**
 * Goes through a journal and everything in it that can be held against something else; reads
 * nothing by itself. JOURNAL_BROKEN when no line of it is an entry.
 */
export function verifyJournal(input: VerifyInput): VerifyReport {
  const { lines, torn } = readLines(input.text);
  const first = lines.find(({ entry }) => entry !== null)?.entry ?? null;
  if (first === null) {
    throw new AuroraError('JOURNAL_BROKEN', 'no line of it is a journal entry', {
      where: input.where,
    });
  }
  const notebook = new Notebook();
  const release = input.release ?? first.release;
  verifyChain(lines, release, notebook);
  const created = lines.flatMap(({ entry }) =>
    entry?.type === 'release.created' ? [entry.data] : [],
  )[0];
  const { approvers } = input;
  const walk = new EntryWalk({ release, created: created ?? null, approvers, notebook });
  let before = genesis;
  for (const line of lines) {
    walk.take(line, before);
    before = line.hash;
  }
  verifyDocuments(lines, input, notebook);
  if (torn > 0) {
    const place = { line: lines.length + 1, seq: null, type: null };
    const what = `${torn} bytes of a line that a crash tore; the next entry repairs that`;
    notebook.note('remark', 'chain', place, what);
  }
  return notebook.report({ release, entries: lines.length, head: before });
}
