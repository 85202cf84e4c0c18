import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AuroraError, hasErrno } from '../base/errors.ts';
import { privateDirectory, privateFile, syncDirectory, writeFileAtomic } from '../base/files.ts';
import { withLockFile } from '../base/lock-file.ts';
import type { JournalEntry } from './events.ts';
import { FileJournal, lockOf, storeFailed } from './file-journal.ts';
import { emptyHead, readJournal } from './journal.ts';
import type { ApprovalWord, JournalWriter, ReleaseStore } from './store.ts';

/** Releases as directories of files: `<state>/releases/<id>/journal.jsonl` and what belongs to it. */
export class FileStore implements ReleaseStore {
  readonly #root: string;

  constructor(
    stateDirectory: string,
    private readonly clock: Clock,
  ) {
    this.#root = join(stateDirectory, 'releases');
  }

  /** Directory of a release. */
  directory(release: string): string {
    return join(this.#root, release);
  }

  #journal(release: string): string {
    return join(this.directory(release), 'journal.jsonl');
  }

  async list(): Promise<readonly string[]> {
    try {
      const names = await readdir(this.#root);
      const journals = await Promise.all(names.map((name) => isFile(this.#journal(name))));
      // A directory may hold documents only: those of a rollback whose journal could not be made.
      return names.filter((_, index) => journals[index]).sort();
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return [];
      throw storeFailed('listing releases', this.#root, error);
    }
  }

  async exists(release: string): Promise<boolean> {
    return (await this.list()).includes(release);
  }

  async #text(release: string): Promise<string> {
    const path = this.#journal(release);
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (hasErrno(error, 'ENOENT') || hasErrno(error, 'ENOTDIR')) {
        throw new AuroraError('RELEASE_UNKNOWN', `no release ${release}`, { where: this.#root });
      }
      throw storeFailed('reading the journal', path, error);
    }
  }

  async read(release: string): Promise<readonly JournalEntry[]> {
    return readJournal(await this.#text(release), release, this.#journal(release)).entries;
  }

  async create(release: string, actor: string): Promise<JournalWriter> {
    const path = this.#journal(release);
    try {
      await mkdir(this.directory(release), { recursive: true, mode: privateDirectory });
      const handle = await open(path, 'ax', privateFile);
      await syncDirectory(this.directory(release));
      await syncDirectory(this.#root);
      const nothing = { entries: [], head: emptyHead, wholeBytes: 0 };
      return new FileJournal(release, path, handle, actor, this.clock, nothing, false);
    } catch (error) {
      throw storeFailed('creating the journal', path, error);
    }
  }

  async open(
    release: string,
    actor: string,
    options: { readonly overtakes?: boolean } = {},
  ): Promise<JournalWriter> {
    const path = this.#journal(release);
    // Names what is not there or broken before anything is touched.
    readJournal(await this.#text(release), release, path);
    try {
      return await withLockFile(lockOf(path), this.clock, async () => {
        const text = await this.#text(release);
        const read = readJournal(text, release, path);
        if (Buffer.byteLength(text) > read.wholeBytes) await truncate(path, read.wholeBytes);
        const handle = await open(path, 'a', privateFile);
        const overtakes = options.overtakes === true;
        return new FileJournal(release, path, handle, actor, this.clock, read, overtakes);
      });
    } catch (error) {
      throw storeFailed('opening the journal', path, error);
    }
  }

  async writeDocument(release: string, name: string, text: string): Promise<string> {
    const path = join(this.directory(release), name);
    try {
      await writeFileAtomic(path, text);
      return path;
    } catch (error) {
      throw storeFailed(`writing ${name}`, path, error);
    }
  }

  async offerApproval(word: ApprovalWord): Promise<void> {
    const name = `${String(word.step).padStart(2, '0')}-${this.clock.now()}-${randomBytes(4).toString('hex')}.json`;
    await this.writeDocument(word.release, join('approvals', name), `${JSON.stringify(word)}\n`);
  }

  async approvals(release: string, step: number): Promise<readonly ApprovalWord[]> {
    const directory = join(this.directory(release), 'approvals');
    const prefix = `${String(step).padStart(2, '0')}-`;
    let names: string[];
    try {
      names = await readdir(directory);
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return [];
      throw storeFailed('reading approvals', directory, error);
    }
    const wanted = names.filter((name) => name.startsWith(prefix) && name.endsWith('.json')).sort();
    const texts = await Promise.all(wanted.map((name) => readFile(join(directory, name), 'utf8')));
    return texts.flatMap((text) => {
      const word = parseWord(text);
      return word === undefined ? [] : [word];
    });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** A file that is no approval is nobody's word: it is passed over, never half believed. */
function parseWord(text: string): ApprovalWord | undefined {
  try {
    const word = JSON.parse(text) as Partial<ApprovalWord>;
    const whole =
      word.v === 1 &&
      typeof word.release === 'string' &&
      typeof word.step === 'number' &&
      (word.decision === 'approve' || word.decision === 'reject') &&
      typeof word.by === 'string' &&
      typeof word.role === 'string' &&
      (word.comment === null || typeof word.comment === 'string') &&
      typeof word.binding === 'string' &&
      typeof word.at === 'string';
    return whole ? (word as ApprovalWord) : undefined;
  } catch {
    return undefined;
  }
}
