import { randomUUID } from 'node:crypto';
import { ChainWriter, foreignWriter, type MakeNext, type WriterAbout } from '../chain-writer.ts';
import type { JournalEntry } from '../events.ts';
import type { JournalLines } from './journal-lines.ts';

/**
 * The journal of one release in MongoDB. An entry is inserted under its number: whoever finds the
 * number taken learns, without a lock, that somebody else writes.
 */
export class MongoJournal extends ChainWriter {
  /** Tells the own lines from others' when an answer was lost. */
  readonly #writer = randomUUID();

  constructor(
    about: WriterAbout,
    private readonly lines: JournalLines,
  ) {
    super(about);
  }

  protected async put(make: MakeNext, durable: boolean): Promise<JournalEntry> {
    const { overtakes, where } = this.about;
    // A rollback does not wait for a database that is away: its entries are kept aside meanwhile.
    const how = { durable, patient: !overtakes };
    for (;;) {
      const next = make(this.head);
      const { seq, type } = next.entry;
      const _id = { release: this.release, seq };
      if (await this.lines.put({ _id, type, line: next.line, writer: this.#writer }, how)) {
        return this.took(next);
      }
      if (!overtakes) throw foreignWriter(where);
      this.takeIn(await this.lines.read(this.release));
    }
  }

  protected async end(): Promise<void> {
    // The connection is the store's.
  }
}
