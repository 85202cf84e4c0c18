import { type Clock, isoTime } from '../base/clock.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { redactJson } from '../base/redact-json.ts';
import type { EventData, EventType, JournalEntry } from './events.ts';
import { type ChainHead, encodeEntry, headAfter, nextEntry, type ReadJournal } from './journal.ts';
import type { EntryAbout, JournalWriter } from './store.ts';

/** STORE_FAILED for what the store refused; errors that are known already stay what they are. */
export function storeFailed(doing: string, where: string, cause: unknown): AuroraError {
  if (cause instanceof AuroraError) return cause;
  return new AuroraError('STORE_FAILED', `${doing} failed: ${messageOf(cause)}`, { where, cause });
}

/** Two writers would tear the chain: whoever finds the other's entries stops. */
export function foreignWriter(where: string): AuroraError {
  return new AuroraError('LEASE_LOST', 'another process has written to this journal', { where });
}

/** What a writer of a journal is told, wherever the journal lives. */
export interface WriterAbout {
  readonly release: string;
  /** The journal, for people; safe to print. */
  readonly where: string;
  readonly actor: string;
  readonly clock: Clock;
  /** The journal as it was read. */
  readonly start: ReadJournal;
  /** Goes on after another process's last entries instead of stopping at them. */
  readonly overtakes: boolean;
}

/** An entry with the line that the chain hashes. */
export interface NextLine {
  readonly entry: JournalEntry;
  readonly line: string;
}

/** Makes the next entry after wherever the chain ends when it is called. */
export type MakeNext = (head: ChainHead) => NextLine;

/** Keeps the chain of one release; where a line is put is up to the kind of store. */
export abstract class ChainWriter implements JournalWriter {
  readonly release: string;
  readonly #written: JournalEntry[];
  #head: ChainHead;
  #failure: AuroraError | undefined;
  /** Appends are queued: an entry builds on the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(protected readonly about: WriterAbout) {
    this.release = about.release;
    this.#written = [...about.start.entries];
    this.#head = about.start.head;
  }

  get entries(): readonly JournalEntry[] {
    return this.#written;
  }

  append<T extends EventType>(
    type: T,
    data: EventData[T],
    about?: EntryAbout,
  ): Promise<JournalEntry> {
    return this.#queue(type, data, true, about);
  }

  note<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry> {
    return this.#queue(type, data, false);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.end();
  }

  /** Puts the next line where the journal is; synced when it is `durable`. */
  protected abstract put(make: MakeNext, durable: boolean): Promise<JournalEntry>;

  /** Gives back what was opened for writing. */
  protected abstract end(): Promise<void>;

  protected get head(): ChainHead {
    return this.#head;
  }

  /** The line is where the journal is: the next one builds on it. */
  protected took({ entry, line }: NextLine): JournalEntry {
    this.#head = headAfter(entry, line);
    this.#written.push(entry);
    return entry;
  }

  /** What others have written meanwhile, taken in. */
  protected takeIn({ entries, head }: ReadJournal): void {
    this.#written.splice(0, Number.POSITIVE_INFINITY, ...entries);
    this.#head = head;
  }

  #queue<T extends EventType>(
    type: T,
    data: EventData[T],
    durable: boolean,
    about?: EntryAbout,
  ): Promise<JournalEntry> {
    const writing = this.#last.then(() => this.#write(type, data, durable, about));
    this.#last = writing.catch(() => undefined);
    return writing;
  }

  async #write<T extends EventType>(
    type: T,
    data: EventData[T],
    durable: boolean,
    about: EntryAbout | undefined,
  ): Promise<JournalEntry> {
    if (this.#failure !== undefined) throw this.#failure;
    // Sinks redact: whatever an outside system put into a message, no known secret is kept.
    const safe = redactJson(data as unknown as Json) as unknown as EventData[T];
    const make: MakeNext = (head) => {
      const at = about?.at ?? isoTime(this.about.clock.now());
      const actor = about?.actor ?? this.about.actor;
      const entry = nextEntry(head, this.release, at, actor, type, safe);
      return { entry, line: encodeEntry(entry) };
    };
    try {
      return await this.put(make, durable);
    } catch (error) {
      // After a line that did not get through nothing is added: it may lie there, half or whole.
      this.#failure = storeFailed('writing the journal', this.about.where, error);
      throw this.#failure;
    }
  }
}
