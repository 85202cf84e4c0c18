import { appendFile, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AuroraError, hasErrno } from '../base/errors.ts';
import { privateDirectory, privateFile } from '../base/files.ts';
import type { JournalEntry } from './events.ts';

const ending = '.jsonl';
const lastResort = 'aurora-rescue-';

function directoryOf(stateDirectory: string): string {
  return join(stateDirectory, 'rescue');
}

/** Where entries of a release go that its store does not take. */
export function rescuePath(stateDirectory: string, release: string): string {
  return join(directoryOf(stateDirectory), `${release}${ending}`);
}

/** Where they go when the state directory cannot be written either: nothing merges them from there. */
export function lastResortPath(release: string): string {
  return join(tmpdir(), `${lastResort}${release}-${process.pid}${ending}`);
}

/** Adds a line to a file of entries, the owner's alone, synced. */
export async function keepLine(stateDirectory: string, path: string, line: string): Promise<void> {
  const directory = directoryOf(stateDirectory);
  if (path.startsWith(directory))
    await mkdir(directory, { recursive: true, mode: privateDirectory });
  await appendFile(path, `${line}\n`, { mode: privateFile, flush: true });
}

/** Entries of a release that wait to be merged into its journal. */
export interface Rescued {
  readonly release: string;
  /** Where they were kept. */
  readonly path: string;
  /** Where they are: there, or beside it since a merge began. */
  readonly file: string;
}

/** Everything that waits to be merged, oldest first; nothing when the directory cannot be read. */
export async function rescuedFiles(stateDirectory: string): Promise<readonly Rescued[]> {
  const names = await readdir(directoryOf(stateDirectory)).catch(() => []);
  const found = names.flatMap((name) => {
    const [, release, merging = ''] = /^(.+)\.jsonl(\.merging)?$/.exec(name) ?? [];
    if (release === undefined) return [];
    const path = rescuePath(stateDirectory, release);
    return [{ release, path, file: `${path}${merging}` }];
  });
  // What a merge that broke off has left is older than what came after it.
  const key = ({ path, file }: Rescued) => `${path} ${file === path ? 1 : 0}`;
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Takes a file out of the way of a process that may still add to it, and tells where it is now. */
export async function beginMerge({ path, file }: Rescued): Promise<string> {
  const merging = `${path}.merging`;
  if (file !== merging) await rename(file, merging);
  return merging;
}

function parseEntry(line: string, where: string): JournalEntry {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'type' in value && 'data' in value) {
      return value as JournalEntry;
    }
  } catch {
    // Falls through: the line is named below.
  }
  throw new AuroraError('JOURNAL_BROKEN', 'not a kept entry', { where });
}

/** The entries of a file; a last line that a crash tore is left out. JOURNAL_BROKEN names a wrong one. */
export async function readRescued(path: string): Promise<readonly JournalEntry[]> {
  const text = await readFile(path, 'utf8');
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  return lines.map((line, index) => parseEntry(line, `${path}:${index + 1}`));
}

/** Puts a file aside whose entries are in the journal by now. `seq` makes its name one of a kind. */
export async function endMerge({ path }: Rescued, seq: number): Promise<void> {
  const plain = `${path}.merged`;
  const taken = await stat(plain).then(
    () => true,
    (error: unknown) => !hasErrno(error, 'ENOENT'),
  );
  await rename(`${path}.merging`, taken ? `${path}.${seq}.merged` : plain);
}

/** Tells people where entries are that the journal does not have yet. */
export function keptText(path: string): string {
  const merged = !basename(path).startsWith(lastResort);
  const how = merged ? '; the next rollback, resume or release here merges them' : '';
  return `entries kept in ${path}${how}`;
}
