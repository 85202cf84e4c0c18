import type { CohortCounters } from '../services/metrics/metrics.ts';
import { addCounts, type Counts, countsBetween, noCounts } from './counters.ts';

/** Everything counted of one cohort since the watch began to count it. */
export class CohortTally {
  #last: CohortCounters | null = null;
  #from: number | null = null;
  #counts: Counts = noCounts;

  /**
   * Takes one more reading. A source with history counts from `since` by itself, restarts included;
   * of any other the first reading is the zero that the later ones are counted from.
   */
  add(reading: CohortCounters): void {
    this.#from ??= reading.since ?? reading.at;
    if (reading.since !== undefined) {
      const { endpoints, sessions, csat } = reading;
      this.#counts = { endpoints, sessions, csat };
    } else if (this.#last !== null) {
      this.#counts = addCounts(this.#counts, countsBetween(this.#last, reading));
    }
    this.#last = reading;
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** From when on it counts, milliseconds since the epoch; null before the first reading. */
  get from(): number | null {
    return this.#from;
  }

  /** Until when it counts; null before the first reading. */
  get until(): number | null {
    return this.#last?.at ?? null;
  }

  get begun(): boolean {
    return this.#last !== null;
  }
}
