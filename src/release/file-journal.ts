import { type FileHandle, lstat, open, readFile, stat } from 'node:fs/promises';
import { hasErrno } from '../base/errors.ts';
import { privateFile, writeFileAtomic } from '../base/files.ts';
import { withLockFile } from '../base/lock-file.ts';
import { ChainWriter, foreignWriter, type MakeNext, type WriterAbout } from './chain-writer.ts';
import type { JournalEntry } from './events.ts';
import { readJournal } from './journal.ts';

/** A file that this writer has open, as it left it. */
interface OwnFile {
  readonly handle: FileHandle;
  readonly inode: number;
  /** Bytes that this writer knows of; more means that somebody else writes. */
  readonly size: number;
}

/**
 * The journal of one release in a file. Only who made a file adds to it. Whoever goes on with a journal writes it anew with its first
 * entry and puts the new file in the place of the old one: what a process still adds that had the
 * old one open, however late it wakes up, goes nowhere.
 *
 * Making a new file takes a lock, adding a line does not: the line is written, and then looked at.
 * With no lock there and the file still the journal, in this order, whoever makes a new one from now
 * on reads the line; whoever was making one meanwhile has either not finished, which the lock shows,
 * or has, which the file shows.
 */
export class FileJournal extends ChainWriter {
  /** Null until the first entry of a writer that did not begin the journal. */
  #own: OwnFile | null = null;

  /** The writer of a journal that was made just now, empty, under this handle. */
  static async begin(about: WriterAbout, handle: FileHandle): Promise<FileJournal> {
    const journal = new FileJournal(about);
    journal.#own = { handle, inode: (await handle.stat()).ino, size: 0 };
    return journal;
  }

  protected async put(make: MakeNext, durable: boolean): Promise<JournalEntry> {
    const own = this.#own;
    if (own === null) return this.#locked(() => this.#adopt(make));
    if (this.about.overtakes) return this.#addOrAdopt(own, make, durable);
    if (!(await this.#isStill(own))) throw foreignWriter(this.about.where);
    return this.#add(own, make, durable, () => this.#undisturbed());
  }

  get #lock(): string {
    return `${this.about.where}.lock`;
  }

  /**
   * While it makes a new file a stopped process may not be overtaken: it would wake up and put its
   * file in the place of its successor's.
   */
  #locked<T>(work: () => Promise<T>, overtakable = false): Promise<T> {
    return withLockFile(this.#lock, this.about.clock, work, { overtakable });
  }

  /**
   * A writer that overtakes goes on, whoever has made a new file: it adds under the lock, so that
   * it is never left in doubt whether its line was read.
   */
  async #addOrAdopt(own: OwnFile, make: MakeNext, durable: boolean): Promise<JournalEntry> {
    const adding = async () =>
      (await this.#isStill(own)) ? this.#add(own, make, durable) : undefined;
    const added = await this.#locked(adding, true);
    return added ?? this.#locked(() => this.#adopt(make));
  }

  /** Resolves when nobody is making a new file any more, or has died over it. STORE_FAILED. */
  async #undisturbed(): Promise<void> {
    try {
      await lstat(this.#lock);
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return;
      throw error;
    }
    await this.#locked(async () => undefined, true);
  }

  protected async end(): Promise<void> {
    await this.#own?.handle.close();
    this.#own = null;
  }

  /** Whether the journal is the file that this writer knows, with nothing added by others. */
  async #isStill({ inode, size }: OwnFile): Promise<boolean> {
    const now = await stat(this.about.where);
    return now.ino === inode && now.size === size;
  }

  async #add(
    own: OwnFile,
    make: MakeNext,
    durable: boolean,
    undisturbed: () => Promise<void> = async () => undefined,
  ): Promise<JournalEntry> {
    const next = make(this.head);
    await own.handle.appendFile(`${next.line}\n`);
    if (durable) await own.handle.sync();
    await undisturbed();
    const grown = { ...own, size: own.size + Buffer.byteLength(next.line) + 1 };
    // Overtaken in between: the line stands in a file that is the journal no more.
    if (!(await this.#isStill(grown))) throw foreignWriter(this.about.where);
    this.#own = grown;
    return this.took(next);
  }

  /** Makes the journal this writer's own: a new file of its whole lines and the next one. */
  async #adopt(make: MakeNext): Promise<JournalEntry> {
    const { where, overtakes } = this.about;
    const text = await readFile(where, 'utf8');
    const read = readJournal(text, this.release, where);
    if (read.head.hash !== this.head.hash && !overtakes) throw foreignWriter(where);
    this.takeIn(read);
    const next = make(this.head);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    await writeFileAtomic(where, `${whole}${next.line}\n`);
    await this.end();
    const handle = await open(where, 'a', privateFile);
    const { ino, size } = await handle.stat();
    this.#own = { handle, inode: ino, size };
    return this.took(next);
  }
}
