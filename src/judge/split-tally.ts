import type { Counts } from './counters.ts';
import type { Assignment } from './split-test.ts';

interface Sessions {
  readonly candidate: number;
  readonly control: number;
}

const sessionsOf = (candidate: Counts, control: Counts): Sessions => ({
  candidate: candidate.sessions.n,
  control: control.sessions.n,
});

/**
 * How new sessions were split. Those that were under way when the share changed are new to the
 * candidate, yet known to the control: both would show a broken split where there is none. So it
 * counts only from `afterMs` into the watch on, when those sessions have ended.
 */
export class SplitTally {
  readonly #share: number | null;
  readonly #afterMs: number;
  #base: Sessions | null = null;
  #last: Sessions | null = null;

  /** `share`: the candidate's configured part; null or all of it where nothing is split. */
  constructor(share: number | null, afterMs: number) {
    this.#share = share !== null && share > 0 && share < 1 ? share : null;
    this.#afterMs = afterMs;
  }

  /** Takes the counts of both cohorts at the same look. */
  add(elapsedMs: number, candidate: Counts, control: Counts): void {
    if (this.#share === null || elapsedMs < this.#afterMs) return;
    this.#last = sessionsOf(candidate, control);
    this.#base ??= this.#last;
  }

  /** Sessions since then; null while nothing was counted. */
  get assignment(): Assignment | null {
    if (this.#share === null || this.#base === null || this.#last === null) return null;
    const candidate = Math.max(0, this.#last.candidate - this.#base.candidate);
    const control = Math.max(0, this.#last.control - this.#base.control);
    return candidate + control === 0 ? null : { candidate, control, share: this.#share };
  }
}
