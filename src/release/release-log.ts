import type { Clock } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import type { EventData, EventType, JournalEntry } from './events.ts';
import { refusal } from './follow-table.ts';
import { RescueLog } from './rescue-log.ts';
import { applyEntry, foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';

/** Sees every entry as it is written: the screen. */
export type EntryListener = (entry: JournalEntry, state: ReleaseState) => void;

/** The journal of a running release together with the state that it folds to. */
export class ReleaseLog {
  #state: ReleaseState;
  #rescue: RescueLog | null = null;

  constructor(
    private readonly writer: JournalWriter,
    private readonly listener: EntryListener,
    /** Throws when this process may not write any more. */
    private readonly guard: () => Promise<void>,
  ) {
    this.#state = foldJournal(writer.release, writer.entries);
  }

  get state(): ReleaseState {
    return this.#rescue?.state ?? this.#state;
  }

  get entries(): readonly JournalEntry[] {
    return this.#rescue?.entries ?? this.writer.entries;
  }

  /** Where entries went that the store would not take; null when it took all. */
  get rescuedTo(): string | null {
    return this.#rescue?.rescuedTo ?? null;
  }

  /**
   * From now on keeping the record stands in nobody's way: a rollback goes on when the store takes
   * no entry. It still ends where another process goes on with the journal.
   */
  goOnRegardless(about: {
    readonly clock: Clock;
    readonly actor: string;
    readonly stateDirectory: string;
  }): void {
    const { writer, listener } = this;
    this.#rescue ??= new RescueLog(writer.release, {
      ...about,
      ...{ writer, listener, entries: [], yields: true },
    });
  }

  /** Durable when it resolves. JOURNAL_REFUSED for what the table does not take where it stands. */
  async append<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    if (this.#rescue !== null) return this.#rescue.append(type, data);
    await this.guard();
    const why = refusal(this.#state, type, data);
    if (why !== null) {
      throw new AuroraError('JOURNAL_REFUSED', why, { where: this.writer.release });
    }
    this.#take(await this.writer.append(type, data));
  }

  /** For progress, which a crash may lose. Guarded too: a journal has one writer. */
  async note<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    if (this.#rescue !== null) return;
    await this.guard();
    this.#take(await this.writer.note(type, data));
  }

  #take(entry: JournalEntry): void {
    this.#state = applyEntry(this.#state, entry);
    this.listener(entry, this.#state);
  }

  close(): Promise<void> {
    return this.#rescue?.close() ?? this.writer.close();
  }
}
