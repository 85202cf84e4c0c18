import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
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
 * The journal of one release in a file. Whoever goes on with a journal writes it anew with its first
 * entry and puts the new file in the place of the old one: what a process still adds that had the
 * old one open, however late it wakes up, goes nowhere.
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

  protected put(make: MakeNext, durable: boolean): Promise<JournalEntry> {
    const own = this.#own;
    // While it makes a new file a stopped process may not be overtaken: it would wake up and put
    // its file in the place of its successor's.
    const options = { overtakable: own !== null };
    return withLockFile(
      `${this.about.where}.lock`,
      this.about.clock,
      async () => {
        if (own !== null && (await this.#isStill(own))) return this.#add(own, make, durable);
        if (own !== null && !this.about.overtakes) throw foreignWriter(this.about.where);
        return this.#adopt(make);
      },
      options,
    );
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

  async #add(own: OwnFile, make: MakeNext, durable: boolean): Promise<JournalEntry> {
    const next = make(this.head);
    await own.handle.appendFile(`${next.line}\n`);
    if (durable) await own.handle.sync();
    const grown = { ...own, size: own.size + Buffer.byteLength(next.line) + 1 };
    // Stopped in between and overtaken: the line stands in a file that is the journal no more.
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
