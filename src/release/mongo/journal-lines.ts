import { type ReadJournal, readJournal } from '../journal.ts';
import type { Owned, StateDatabase } from './state-database.ts';

/** A line of a journal: the entry's number is its key, so that each can be written once only. */
interface LineDocument extends Owned {
  readonly _id: { readonly release: string; readonly seq: number };
  /** For people who look into the database; the line alone counts. */
  readonly type: string;
  /** The canonical text of the entry: what the chain hashes. */
  readonly line: string;
}

/** All keys of one release: keys are ordered by release, then by number. */
export function keysOf(release: string) {
  return { $gt: { release, seq: 0 }, $lt: { release, seq: Number.MAX_SAFE_INTEGER } };
}

/** The lines of all journals. */
export class JournalLines {
  constructor(private readonly database: StateDatabase) {}

  /** The journal, for people. */
  where(release: string): string {
    return `${this.database.address}.journal/${release}`;
  }

  /** Puts a line under its number; false when another's stands there. STORE_FAILED. */
  put(
    line: Pick<LineDocument, '_id' | 'type' | 'line' | 'writer'>,
    how: { readonly durable: boolean; readonly patient: boolean },
  ): Promise<boolean> {
    const collection = this.database.collection<Owned>('journal');
    return this.database.insertOnce('writing the journal', collection, line, how);
  }

  /** The journal with its chain verified. JOURNAL_BROKEN, STORE_FAILED. */
  async read(release: string): Promise<ReadJournal> {
    return readJournal(await this.text(release), release, this.where(release));
  }

  /** The journal as it lies there, one entry a line; nothing is verified. STORE_FAILED. */
  async text(release: string): Promise<string> {
    const lines = await this.database.call(
      'reading the journal',
      async () => {
        const found = this.#collection().find({ _id: keysOf(release) }, { sort: { _id: 1 } });
        return (await found.toArray()).map(({ line }) => `${String(line)}\n`);
      },
      { patient: false },
    );
    return lines.join('');
  }

  /** The number of the last entry, 0 when there is none. STORE_FAILED. */
  lastSeq(release: string): Promise<number> {
    return this.database.call('reading the journal', async () => {
      const options = { sort: { _id: -1 }, projection: { _id: 1 } } as const;
      const last = await this.#collection().findOne({ _id: keysOf(release) }, options);
      return last?._id.seq ?? 0;
    });
  }

  #collection() {
    return this.database.collection<LineDocument>('journal');
  }
}
