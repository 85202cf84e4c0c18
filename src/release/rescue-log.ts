import type { Clock } from '../base/clock.ts';
import { isoTime } from '../base/clock.ts';
import { unlessAborted } from '../base/deadline.ts';
import { hasCode } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { redactJson } from '../base/redact-json.ts';
import type { EventData, EventType, JournalEntry } from './events.ts';
import { emptyHead, encodeEntry, nextEntry } from './journal.ts';
import type { EntryListener } from './release-log.ts';
import { keepLine, lastResortPath, rescuePath } from './rescue-files.ts';
import { applyEntry, foldJournal, type ReleaseState } from './state.ts';
import type { EntryAbout, JournalWriter } from './store.ts';

/** A store that does not answer for so long holds up no rollback: from then on entries go aside. */
const patienceMs = 2_000;

/**
 * The journal of a rollback. It never stands in the way: when the store cannot be written, entries
 * go to a file in the state directory, from which they are merged later, or else to one in the
 * temporary directory. Its name is told, and the state goes on in memory.
 */
export class RescueLog {
  #state: ReleaseState;
  readonly #entries: JournalEntry[];
  #rescue: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly release: string,
    private readonly about: {
      readonly writer: JournalWriter | null;
      readonly listener: EntryListener;
      readonly clock: Clock;
      readonly actor: string;
      readonly stateDirectory: string;
      /** What was read of the journal when it cannot be written. */
      readonly entries: readonly JournalEntry[];
      /** Stops with LEASE_LOST when another process goes on with the journal: a rollback is theirs. */
      readonly yields?: boolean;
    },
  ) {
    this.#entries = [...(about.writer?.entries ?? about.entries)];
    this.#state = foldJournal(release, this.#entries);
  }

  get state(): ReleaseState {
    return this.#state;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Where entries went that the store would not take; null when it took all. */
  get rescuedTo(): string | null {
    return this.#rescue;
  }

  /** Never throws, unless it yields. */
  append<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    const writing = this.#last.then(() => this.#write(type, data));
    this.#last = writing.catch(() => undefined);
    return writing;
  }

  async #write<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    // A write that gets through after all is known by its time: it is not merged a second time.
    const about = { at: isoTime(this.about.clock.now()), actor: this.about.actor };
    const stored = await this.#toStore(type, data, about);
    const entry = stored ?? (await this.#toRescue(type, data, about));
    this.#take(entry);
    try {
      this.about.listener(entry, this.#state);
    } catch {
      // A screen that breaks is no reason to stop.
    }
  }

  #take(entry: JournalEntry): void {
    const written = this.about.writer?.entries ?? [];
    if (this.#rescue === null && written.length > this.#entries.length + 1) {
      // The overtaken process had a last word: the state is told anew.
      this.#entries.splice(0, Infinity, ...written);
      this.#state = foldJournal(this.release, this.#entries);
      return;
    }
    this.#entries.push(entry);
    this.#state = applyEntry(this.#state, entry);
  }

  async #toStore<T extends EventType>(
    type: T,
    data: EventData[T],
    about: EntryAbout,
  ): Promise<JournalEntry | null> {
    const { writer, yields } = this.about;
    if (writer === null || this.#rescue !== null) return null;
    try {
      const writing = writer.append(type, data, about);
      return await unlessAborted(writing, AbortSignal.timeout(patienceMs));
    } catch (error) {
      if (yields === true && hasCode(error, 'LEASE_LOST')) throw error;
      return null;
    }
  }

  async #toRescue<T extends EventType>(
    type: T,
    data: EventData[T],
    { at, actor }: EntryAbout,
  ): Promise<JournalEntry> {
    const seq = this.#entries.at(-1)?.seq ?? 0;
    const head = { seq, hash: emptyHead.hash };
    const safe = redactJson(data as unknown as Json) as unknown as EventData[T];
    const entry = nextEntry(head, this.release, at, actor, type, safe);
    await this.#keep(encodeEntry(entry));
    return entry;
  }

  async #keep(line: string): Promise<void> {
    const { stateDirectory } = this.about;
    const wanted = this.#rescue ?? rescuePath(stateDirectory, this.release);
    try {
      await keepLine(stateDirectory, wanted, line);
      this.#rescue = wanted;
    } catch {
      this.#rescue = lastResortPath(this.release);
      // Not even that may work; then the screen is what is left.
      await keepLine(stateDirectory, this.#rescue, line).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#last;
    const closing = this.about.writer?.close() ?? Promise.resolve();
    await unlessAborted(closing, AbortSignal.timeout(patienceMs)).catch(() => undefined);
  }
}
