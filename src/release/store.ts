import type { EventData, EventType, JournalEntry } from './events.ts';
import type { InboxNote } from './inbox.ts';

/** Whose an entry is that is written down later than it happened. */
export interface EntryAbout {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: string;
}

/** Appends to the journal of one release. There is one writer: the holder of the lease. */
export interface JournalWriter {
  readonly release: string;
  /** Everything written so far, oldest first. */
  readonly entries: readonly JournalEntry[];
  /**
   * Durable when it resolves. STORE_FAILED when it could not be written, LEASE_LOST when another
   * process has written: after either nothing more is. `about` is left out for what happens now.
   */
  append<T extends EventType>(
    type: T,
    data: EventData[T],
    about?: EntryAbout,
  ): Promise<JournalEntry>;
  /** Written, but not synced: for progress that a crash may lose. */
  note<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry>;
  close(): Promise<void>;
}

/** A journal as it was found. */
export interface JournalText {
  readonly text: string;
  /** The journal, for people: a path, or what stands for one. */
  readonly where: string;
}

/** Releases, journals and what people leave for them, wherever they live. */
export interface ReleaseStore {
  /** Newest last. */
  list(): Promise<readonly string[]>;
  exists(release: string): Promise<boolean>;
  /** RELEASE_UNKNOWN, JOURNAL_BROKEN or STORE_FAILED. */
  read(release: string): Promise<readonly JournalEntry[]>;
  /** The journal as it lies there, nothing verified. RELEASE_UNKNOWN or STORE_FAILED. */
  text(release: string): Promise<JournalText>;
  create(release: string, actor: string): Promise<JournalWriter>;
  /**
   * Opens for appending; the first entry repairs a torn last line. A writer stops with LEASE_LOST
   * when another process has written too; one that `overtakes` (a rollback) takes those entries in
   * and goes on.
   */
  open(
    release: string,
    actor: string,
    options?: { readonly overtakes?: boolean },
  ): Promise<JournalWriter>;
  /** Writes a document beside the journal and returns its path. */
  writeDocument(release: string, name: string, text: string): Promise<string>;
  /** Leaves a note for the release. STORE_FAILED when it could not be kept. */
  offer(note: InboxNote): Promise<void>;
  /** Oldest first; a note that is none is passed over. */
  inbox(release: string): Promise<readonly InboxNote[]>;
  /**
   * Resolves when journal or inbox may hold more than was last read here of this release, or after
   * `withinMs`. Rejects with the signal's reason.
   */
  changed(release: string, signal: AbortSignal, withinMs: number): Promise<void>;
}
