/** How to look at what a release has by now: a text that changes with everything that is added. */
export interface Looks {
  readonly journal: () => Promise<string>;
  readonly inbox: () => Promise<string>;
}

/** What journals and inboxes looked like when they were last read. */
export class LastSeen {
  readonly #journals = new Map<string, string>();
  readonly #inboxes = new Map<string, string>();

  journal(release: string, look: string): void {
    this.#journals.set(release, look);
  }

  inbox(release: string, look: string): void {
    this.#inboxes.set(release, look);
  }

  /** Whether what was read of a release is no longer all there is; what was never read is not asked. */
  async differs(release: string, looks: Looks): Promise<boolean> {
    const journal = this.#journals.get(release);
    const inbox = this.#inboxes.get(release);
    if (journal !== undefined && (await looks.journal()) !== journal) return true;
    return inbox !== undefined && (await looks.inbox()) !== inbox;
  }
}
