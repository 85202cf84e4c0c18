import type { AnalyticsEvent, EventSink } from './events.ts';

/** How a batch of events is kept. Rejects when it was not. */
export type WriteEvents = (events: readonly AnalyticsEvent[]) => Promise<void>;

export interface EventBufferOptions {
  readonly write: WriteEvents;
  /** Told about each failed write; the events stay in the buffer. */
  readonly onFailure: (error: unknown, waiting: number) => void;
  readonly flushMs?: number;
  /** Beyond this many waiting events the oldest are given up. */
  readonly capacity?: number;
}

const largestBatch = 1_000;

/**
 * Collects events and writes them in batches, one write at a time: a request never waits for
 * analytics, and a database that is away for a moment loses none.
 */
export class EventBuffer implements EventSink {
  readonly #options: Required<EventBufferOptions>;
  #waiting: AnalyticsEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #dropped = 0;

  constructor(options: EventBufferOptions) {
    this.#options = { flushMs: 100, capacity: 50_000, ...options };
  }

  /** How many events were given up because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  emit(event: AnalyticsEvent): void {
    this.#waiting.push(event);
    const excess = this.#waiting.length - this.#options.capacity;
    if (excess > 0) {
      this.#waiting.splice(0, excess);
      this.#dropped += excess;
    }
    this.#schedule();
  }

  /** Writes what waits. Never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    while (this.#waiting.length > 0 && (await this.#writeOne()));
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writeOne().then(() => {
        this.#writing = undefined;
        if (this.#waiting.length > 0) this.#schedule();
      });
    }, this.#options.flushMs);
  }

  async #writeOne(): Promise<boolean> {
    const batch = this.#waiting.splice(0, largestBatch);
    try {
      await this.#options.write(batch);
      return true;
    } catch (error) {
      this.#waiting = [...batch, ...this.#waiting];
      this.#options.onFailure(error, this.#waiting.length);
      return false;
    }
  }
}
