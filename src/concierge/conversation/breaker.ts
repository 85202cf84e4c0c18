/** Why the model is not asked, or why asking it came to nothing. */
export type Trouble = 'slow' | 'quota' | 'error';

/** How a question to the model ended. `pauseMs`: it said itself for how long to leave it alone. */
export type Ending =
  | { readonly ok: true }
  | { readonly ok: false; readonly trouble: Trouble; readonly pauseMs?: number | undefined };

/** Leave to ask one question, to be handed back with its ending. */
export interface Leave {
  /** How often the breaker had opened by then. */
  readonly era: number;
}

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
  #era = 0;
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

  /** Leave to ask, which `ended` must follow; or why there is none. */
  enter(): Leave | Trouble {
    if (this.#trouble !== null) {
      if (this.#probing || this.#now() < this.#openUntil) return this.#trouble;
      this.#probing = true;
    }
    return { era: this.#era };
  }

  ended({ era }: Leave, ending: Ending): void {
    // Questions from before it opened end one after the other; only the wish for a pause still counts.
    if (era !== this.#era) {
      if (!ending.ok && ending.pauseMs !== undefined) this.#hold(ending.pauseMs);
      return;
    }
    if (ending.ok) this.#close();
    else this.#failed(ending.trouble, ending.pauseMs);
  }

  #close(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#trouble = null;
    this.#probing = false;
  }

  #failed(trouble: Trouble, pauseMs: number | undefined): void {
    this.#failures += 1;
    if (pauseMs === undefined && this.#failures < patience && !this.#probing) return;
    this.#trouble = trouble;
    this.#probing = false;
    this.#era += 1;
    this.#hold(pauseMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** this.#pauses));
    this.#pauses += 1;
  }

  #hold(pauseMs: number): void {
    this.#openUntil = Math.max(this.#openUntil, this.#now() + pauseMs);
  }
}
