import type { CountedEvent, Stretch } from '../../storage/dashboard-queries.ts';
import { type DayFacts, DayTally } from './day-facts.ts';

export const dayMs = 86_400_000;
/** Events come within minutes; after this much of the next day a day does not change any more. */
const settleMs = 3_600_000;
const freshMs = 60_000;

/** Where a ledger reads events from. */
export type ReadEvents = (stretch: Stretch) => AsyncIterable<CountedEvent>;

/**
 * Sums of each day, kept in memory: a day that is over is read once, the current one at most once a
 * minute. Only sums are kept, a few kilobytes for a quarter.
 */
export class DayLedger {
  readonly #read: ReadEvents;
  readonly #days = new Map<number, DayFacts>();
  #readAt = Number.NEGATIVE_INFINITY;
  #from = Number.POSITIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();

  constructor(read: ReadEvents) {
    this.#read = read;
  }

  /** The last `count` days, oldest first; the last one is not over. Rejects when the storage is away. */
  days(count: number, now: number): Promise<readonly DayFacts[]> {
    // One reading at a time: the second caller finds what the first one has read.
    const asked = this.#running.then(() => this.#answer(count, now));
    this.#running = asked.catch(() => undefined);
    return asked;
  }

  async #answer(count: number, now: number): Promise<readonly DayFacts[]> {
    const today = startOfDay(now);
    const from = today - (count - 1) * dayMs;
    if (from < this.#from || now - this.#readAt >= freshMs) await this.#refresh(from, now);
    return Array.from({ length: count }, (_, n) => {
      const day = from + n * dayMs;
      return this.#days.get(day) ?? new DayTally(nameOf(day)).facts();
    });
  }

  async #refresh(from: number, now: number): Promise<void> {
    const until = startOfDay(now) + dayMs;
    // What is missing, and what may have changed: everything that had not settled at the last reading.
    const unsettled = startOfDay(this.#readAt - settleMs);
    const begin = from < this.#from ? from : Math.max(from, Math.min(unsettled, startOfDay(now)));
    const tallies = new Map<number, DayTally>();
    for (let day = begin; day < until; day += dayMs) tallies.set(day, new DayTally(nameOf(day)));
    for await (const event of this.#read({ from: new Date(begin), until: new Date(until) })) {
      tallies.get(startOfDay(event.timestamp.getTime()))?.add(event);
    }
    for (const [day, tally] of tallies) this.#days.set(day, tally.facts());
    this.#from = Math.min(this.#from, from);
    this.#readAt = now;
    this.#forget(now);
  }

  /** Days that no page asks for any more. */
  #forget(now: number): void {
    const oldest = startOfDay(now) - 90 * dayMs;
    for (const day of this.#days.keys()) if (day < oldest) this.#days.delete(day);
    this.#from = Math.max(this.#from, oldest);
  }
}

/** Midnight in UTC, milliseconds. */
export function startOfDay(at: number): number {
  return Math.floor(at / dayMs) * dayMs;
}

const nameOf = (day: number) => new Date(day).toISOString().slice(0, 10);
