import type { EventData, EventType, JournalEntry } from './events.ts';
import { applyEntry, foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';

/** Sees every entry as it is written: the screen. */
export type EntryListener = (entry: JournalEntry, state: ReleaseState) => void;

/** The journal of a running release together with the state that it folds to. */
export class ReleaseLog {
  #state: ReleaseState;

  constructor(
    private readonly writer: JournalWriter,
    private readonly listener: EntryListener,
    /** Throws when this process may not write any more. */
    private readonly guard: () => Promise<void>,
  ) {
    this.#state = foldJournal(writer.release, writer.entries);
  }

  get state(): ReleaseState {
    return this.#state;
  }

  get entries(): readonly JournalEntry[] {
    return this.writer.entries;
  }

  /** Durable when it resolves. */
  async append<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    await this.guard();
    this.#take(await this.writer.append(type, data));
  }

  /** For progress, which a crash may lose. */
  async note<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    this.#take(await this.writer.note(type, data));
  }

  #take(entry: JournalEntry): void {
    this.#state = applyEntry(this.#state, entry);
    this.listener(entry, this.#state);
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}
