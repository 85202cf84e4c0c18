import { type FileHandle, readFile } from 'node:fs/promises';
import { type Clock, isoTime } from '../base/clock.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { withLockFile } from '../base/lock-file.ts';
import { redactJson } from '../base/redact-json.ts';
import type { EventData, EventType, JournalEntry } from './events.ts';
import {
  type ChainHead,
  encodeEntry,
  headAfter,
  nextEntry,
  type ReadJournal,
  readJournal,
} from './journal.ts';
import type { JournalWriter } from './store.ts';

/** STORE_FAILED for what the disk refused; errors that are known already stay what they are. */
export function storeFailed(doing: string, where: string, cause: unknown): AuroraError {
  if (cause instanceof AuroraError) return cause;
  return new AuroraError('STORE_FAILED', `${doing} failed: ${messageOf(cause)}`, { where, cause });
}

/** Held while a line is added, so that two processes never build on the same entry. */
export function lockOf(path: string): string {
  return `${path}.lock`;
}

/** Two writers would tear the chain: whoever finds the other's lines stops. */
function foreignWriter(where: string): AuroraError {
  return new AuroraError('LEASE_LOST', 'another process has written to this journal', { where });
}

/** The journal of one release in a file, open for appending. */
export class FileJournal implements JournalWriter {
  readonly #written: JournalEntry[];
  #head: ChainHead;
  /** Bytes that this writer knows of; more means that somebody else writes. */
  #size: number;
  #failure: AuroraError | undefined;
  /** Appends are queued: an entry builds on the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly release: string,
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly actor: string,
    private readonly clock: Clock,
    start: ReadJournal,
    /** Goes on after another process's last entries instead of stopping at them. */
    private readonly overtakes: boolean,
  ) {
    this.#written = [...start.entries];
    this.#head = start.head;
    this.#size = start.wholeBytes;
  }

  get entries(): readonly JournalEntry[] {
    return this.#written;
  }

  append<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry> {
    return this.#queue(type, data, true);
  }

  note<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry> {
    return this.#queue(type, data, false);
  }

  #queue<T extends EventType>(
    type: T,
    data: EventData[T],
    durable: boolean,
  ): Promise<JournalEntry> {
    const writing = this.#last.then(() => this.#write(type, data, durable));
    this.#last = writing.catch(() => undefined);
    return writing;
  }

  async #write<T extends EventType>(type: T, data: EventData[T], durable: boolean) {
    if (this.#failure !== undefined) throw this.#failure;
    // Sinks redact: whatever an outside system put into a message, no known secret is kept.
    const safe = redactJson(data as unknown as Json) as unknown as EventData[T];
    try {
      return await withLockFile(lockOf(this.path), this.clock, async () => {
        await this.#meetOthers();
        const at = isoTime(this.clock.now());
        const entry = nextEntry(this.#head, this.release, at, this.actor, type, safe);
        await this.#writeEntry(entry, durable);
        return entry;
      });
    } catch (error) {
      // After a line that did not get through nothing is added: it may lie there half.
      this.#failure = storeFailed('writing the journal', this.path, error);
      throw this.#failure;
    }
  }

  /** What another process has written meanwhile stops this one, or is taken in by a rollback. */
  async #meetOthers(): Promise<void> {
    const { size } = await this.handle.stat();
    if (size === this.#size) return;
    if (!this.overtakes) throw foreignWriter(this.path);
    const read = readJournal(await readFile(this.path, 'utf8'), this.release, this.path);
    await this.handle.truncate(read.wholeBytes);
    this.#written.splice(0, Infinity, ...read.entries);
    this.#head = read.head;
    this.#size = read.wholeBytes;
  }

  async #writeEntry(entry: JournalEntry, durable: boolean): Promise<void> {
    const line = encodeEntry(entry);
    await this.handle.appendFile(`${line}\n`);
    if (durable) await this.handle.sync();
    this.#size += Buffer.byteLength(line) + 1;
    this.#head = headAfter(entry, line);
    this.#written.push(entry);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.handle.close();
  }
}
