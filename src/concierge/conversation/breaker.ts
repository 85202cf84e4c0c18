/** Why the model is not asked, or why asking it came to nothing. */
export type Trouble = 'slow' | 'quota' | 'error';

/** How a question to the model ended. `pauseMs`: it said itself for how long to leave it alone. */
export type Ending =
  | { readonly ok: true }
  | { readonly ok: false; readonly trouble: Trouble; readonly pauseMs?: number | undefined };

/** Failures in a row after which the model is left alone. */
const patience = 3;
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;

/**
 * Keeps customers from waiting for a model that is not well. Closed: everybody may ask. Open: nobody, for
 * a while. Then one question goes through; its ending closes the breaker or opens it for longer.
 * Times in milliseconds.
 */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #pauses = 0;
  #trouble: Trouble | null = null;
  #openUntil = 0;
  #probing = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why nobody may ask now; null when one may. Changes nothing. */
  get closedFor(): Trouble | null {
    return this.#trouble !== null && this.#now() < this.#openUntil ? this.#trouble : null;
  }

  /** Asks for leave to ask: null grants it, and `ended` must follow. */
  enter(): Trouble | null {
    if (this.#trouble === null) return null;
    if (this.#probing || this.#now() < this.#openUntil) return this.#trouble;
    this.#probing = true;
    return null;
  }

  ended(ending: Ending): void {
    this.#probing = false;
    if (ending.ok) {
      this.#failures = 0;
      this.#pauses = 0;
      this.#trouble = null;
      return;
    }
    this.#failures += 1;
    const { trouble, pauseMs } = ending;
    if (pauseMs === undefined && this.#failures < patience && this.#trouble === null) return;
    const usual = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#pauses);
    this.#pauses += 1;
    this.#trouble = trouble;
    this.#openUntil = Math.max(this.#openUntil, this.#now() + (pauseMs ?? usual));
  }
}
