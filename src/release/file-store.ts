import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AuroraError, hasErrno } from '../base/errors.ts';
import { privateDirectory, privateFile, syncDirectory, writeFileAtomic } from '../base/files.ts';
import { awaitChange } from './await-change.ts';
import { storeFailed } from './chain-writer.ts';
import type { JournalEntry } from './events.ts';
import { FileJournal } from './file-journal.ts';
import { type InboxNote, noteText, parseNote } from './inbox.ts';
import { emptyHead, readJournal } from './journal.ts';
import { LastSeen } from './last-seen.ts';
import type { JournalText, JournalWriter, ReleaseStore } from './store.ts';

/** Releases as directories of files: `<state>/releases/<id>/journal.jsonl` and what belongs to it. */
export class FileStore implements ReleaseStore {
  readonly #root: string;
  readonly #seen = new LastSeen();

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

  #inbox(release: string): string {
    return join(this.directory(release), 'inbox');
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
    this.#seen.journal(release, await this.#lookAtJournal(release));
    return readJournal(await this.#text(release), release, this.#journal(release)).entries;
  }

  async text(release: string): Promise<JournalText> {
    return { text: await this.#text(release), where: this.#journal(release) };
  }

  async #lookAtJournal(release: string): Promise<string> {
    const now = await stat(this.#journal(release)).catch(() => null);
    return `${now?.ino}:${now?.size}`;
  }

  async #lookAtInbox(release: string): Promise<string> {
    const names = await readdir(this.#inbox(release)).catch(() => []);
    return String(names.filter(isNote).length);
  }

  async changed(release: string, signal: AbortSignal, withinMs: number): Promise<void> {
    await awaitChange({
      directories: [this.directory(release), this.#inbox(release)],
      hasChanged: () =>
        this.#seen.differs(release, {
          journal: () => this.#lookAtJournal(release),
          inbox: () => this.#lookAtInbox(release),
        }),
      lookEveryMs: withinMs,
      withinMs,
      clock: this.clock,
      signal,
    });
  }

  async create(release: string, actor: string): Promise<JournalWriter> {
    const path = this.#journal(release);
    try {
      await mkdir(this.directory(release), { recursive: true, mode: privateDirectory });
      const handle = await open(path, 'ax', privateFile);
      await syncDirectory(this.directory(release));
      await syncDirectory(this.#root);
      const start = { entries: [], head: emptyHead, wholeBytes: 0 };
      const { clock } = this;
      const about = { release, where: path, actor, clock, start, overtakes: false };
      return await FileJournal.begin(about, handle);
    } catch (error) {
      throw storeFailed('creating the journal', path, error);
    }
  }

  async open(
    release: string,
    actor: string,
    options: { readonly overtakes?: boolean } = {},
  ): Promise<JournalWriter> {
    const where = this.#journal(release);
    // Names what is not there or broken; nothing is touched before the first entry.
    const start = readJournal(await this.#text(release), release, where);
    const overtakes = options.overtakes === true;
    return new FileJournal({ release, where, actor, clock: this.clock, start, overtakes });
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

  async offer(note: InboxNote): Promise<void> {
    const at = String(this.clock.now()).padStart(15, '0');
    const name = `${at}-${randomBytes(4).toString('hex')}.json`;
    await this.writeDocument(note.release, join('inbox', name), noteText(note));
  }

  async inbox(release: string): Promise<readonly InboxNote[]> {
    const directory = this.#inbox(release);
    this.#seen.inbox(release, await this.#lookAtInbox(release));
    try {
      const names = (await readdir(directory)).filter(isNote);
      const texts = await Promise.all(
        names.sort().map((name) => readFile(join(directory, name), 'utf8')),
      );
      return texts.flatMap((text) => parseNote(text) ?? []);
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return [];
      throw storeFailed('reading the inbox', directory, error);
    }
  }
}

function isNote(name: string): boolean {
  return /^\d+-.*\.json$/.test(name);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
