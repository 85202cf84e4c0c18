/**
 * Counts distinct sessions, and those that met at least one server error, in bounded memory: the
 * most recently seen sessions are remembered, up to a ceiling. A session that comes back after so
 * many others counts twice.
 */
export class SessionCensus {
  readonly #ceiling: number;
  readonly #bad = new Map<string, boolean>();

  constructor(ceiling = 100_000) {
    this.#ceiling = ceiling;
  }

  /** What an answer adds to the counts. */
  count(
    sessionId: string,
    failed: boolean,
  ): { readonly isNew: boolean; readonly turnedBad: boolean } {
    const before = this.#bad.get(sessionId);
    // Taken out and put back, so that the map stays in order of last sight.
    this.#bad.delete(sessionId);
    this.#bad.set(sessionId, failed || before === true);
    if (this.#bad.size > this.#ceiling) {
      const oldest = this.#bad.keys().next();
      if (oldest.done !== true) this.#bad.delete(oldest.value);
    }
    return { isNew: before === undefined, turnedBad: failed && before !== true };
  }
}
