import type { CountedEvent } from '../../storage/dashboard-queries.ts';
import { type FunnelName, funnelEvents, funnels, intentKey, intentMark, keyOf } from './funnels.ts';

/** What is kept of one day in UTC: sums, no session and no customer. */
export interface DayFacts {
  /** `2026-11-22` */
  readonly day: string;
  readonly sessions: number;
  /** Event -> how often. */
  readonly events: ReadonlyMap<string, number>;
  /** Intent -> sessions that had it. */
  readonly intents: ReadonlyMap<string, number>;
  /** Product -> how often it was put on a shortlist. */
  readonly shortlisted: ReadonlyMap<string, number>;
  /** Funnel -> sessions that got to each step, or further. */
  readonly funnels: ReadonlyMap<FunnelName, readonly number[]>;
}

/** A session as it is remembered while a day is read: one bit for each thing that it did. */
const mostBits = 30;

/** Collects one day's events, in any order. */
export class DayTally {
  readonly #day: string;
  readonly #sessions = new Map<string, number>();
  readonly #bits = new Map<string, number>();
  readonly #events = new Map<string, number>();
  readonly #shortlisted = new Map<string, number>();

  constructor(day: string) {
    this.#day = day;
  }

  add({ event, sessionId, intent, productId }: CountedEvent): void {
    let done = this.#sessions.get(sessionId) ?? 0;
    if (funnelEvents.has(event)) done |= this.#bit(event);
    if (typeof intent === 'string') done |= this.#bit(intentKey(intent));
    this.#sessions.set(sessionId, done);
    increase(this.#events, event);
    if (event === 'aurora_product_shortlisted' && typeof productId === 'string') {
      increase(this.#shortlisted, productId);
    }
  }

  facts(): DayFacts {
    const reachedBy = funnels.map((funnel) => funnel.steps.map(() => 0));
    const masks = funnels.map(({ steps }) => steps.map((step) => this.#bits.get(keyOf(step)) ?? 0));
    for (const done of this.#sessions.values()) {
      masks.forEach((steps, funnel) => {
        const furthest = steps.findLastIndex((mask) => (done & mask) !== 0);
        const counts = reachedBy[funnel] ?? [];
        for (let step = 0; step <= furthest; step += 1) counts[step] = (counts[step] ?? 0) + 1;
      });
    }
    return {
      day: this.#day,
      sessions: this.#sessions.size,
      events: this.#events,
      intents: this.#intents(),
      shortlisted: this.#shortlisted,
      funnels: new Map(funnels.map(({ name }, index) => [name, reachedBy[index] ?? []])),
    };
  }

  #intents(): ReadonlyMap<string, number> {
    const intents = new Map<string, number>();
    for (const [key, bit] of this.#bits) {
      if (!key.startsWith(intentMark)) continue;
      let sessions = 0;
      for (const done of this.#sessions.values()) if ((done & bit) !== 0) sessions += 1;
      intents.set(key.slice(intentMark.length), sessions);
    }
    return intents;
  }

  /** The bit of an event or intent; 0 when there are more of them than the catalogue could have. */
  #bit(key: string): number {
    const known = this.#bits.get(key);
    if (known !== undefined) return known;
    if (this.#bits.size >= mostBits) return 0;
    const bit = 1 << this.#bits.size;
    this.#bits.set(key, bit);
    return bit;
  }
}

/** Adds to a count in a map. */
export function increase(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
