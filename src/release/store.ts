import type { EventData, EventType, JournalEntry } from './events.ts';

/** Appends to the journal of one release. There is one writer: the holder of the lease. */
export interface JournalWriter {
  readonly release: string;
  /** Everything written so far, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Durable when it resolves (fsync). STORE_FAILED when it could not be written. */
  append<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry>;
  /** Written, but not synced: for progress that a crash may lose. */
  note<T extends EventType>(type: T, data: EventData[T]): Promise<JournalEntry>;
  close(): Promise<void>;
}

/** A person's word on its way to the release that waits for it. */
export interface ApprovalWord {
  readonly v: 1;
  readonly release: string;
  readonly step: number;
  readonly decision: 'approve' | 'reject';
  readonly by: string;
  readonly role: string;
  readonly comment: string | null;
  /** Digest of what the person saw: of the request's binding. */
  readonly binding: string;
  readonly at: string;
}

/** Releases, journals and approvals, wherever they live. */
export interface ReleaseStore {
  /** Newest last. */
  list(): Promise<readonly string[]>;
  exists(release: string): Promise<boolean>;
  /** RELEASE_UNKNOWN, JOURNAL_BROKEN or STORE_FAILED. */
  read(release: string): Promise<readonly JournalEntry[]>;
  create(release: string, actor: string): Promise<JournalWriter>;
  /**
   * Opens for appending; repairs a torn last line. A writer stops with LEASE_LOST when another
   * process has written too; one that `overtakes` (a rollback) takes those entries in and goes on.
   */
  open(
    release: string,
    actor: string,
    options?: { readonly overtakes?: boolean },
  ): Promise<JournalWriter>;
  /** Writes a document beside the journal and returns its path. */
  writeDocument(release: string, name: string, text: string): Promise<string>;
  offerApproval(word: ApprovalWord): Promise<void>;
  /** Words offered for this step, oldest first. */
  approvals(release: string, step: number): Promise<readonly ApprovalWord[]>;
}
