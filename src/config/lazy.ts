/**
 * An opener that opens once: later calls get the same one, also while it is still opening. A failed
 * opening is forgotten, so that a later call tries again.
 */
export class Lazy<T> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  readonly get = (): Promise<T> => {
    if (this.#opened === undefined) {
      const opening = this.#open();
      this.#opened = opening;
      opening.catch(() => {
        if (this.#opened === opening) this.#opened = undefined;
      });
    }
    return this.#opened;
  };

  /** What was opened, for closing; undefined when nothing was, or it failed. */
  async peek(): Promise<T | undefined> {
    return this.#opened?.catch(() => undefined);
  }
}
