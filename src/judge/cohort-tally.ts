import type { CohortCounters } from '../services/metrics/metrics.ts';
import { addCounts, type Counts, countsBetween, noCounts } from './counters.ts';

/** Everything counted of one cohort since the watch began to count it. */
export class CohortTally {
  #last: CohortCounters | null = null;
  #counts: Counts = noCounts;

  /**
   * Takes one more reading. A source with history counts from `since` by itself, restarts included;
   * of any other the first reading is the zero that the later ones are counted from.
   */
  add(reading: CohortCounters): void {
    if (reading.since !== undefined) {
      const { at: _at, since: _since, epoch: _epoch, ...counts } = reading;
      this.#counts = counts;
    } else if (this.#last !== null) {
      this.#counts = addCounts(this.#counts, countsBetween(this.#last, reading));
    }
    this.#last = reading;
  }

  get counts(): Counts {
    return this.#counts;
  }

  get begun(): boolean {
    return this.#last !== null;
  }
}
