import { ApiError } from '../errors.ts';

/** How much of the session's allowance is left. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is full again. */
  readonly resetSeconds: number;
}

export interface Limits {
  readonly sessionPerMinute: number;
  readonly addressPerMinute: number;
  readonly sessionPerSecond: number;
}

/** The limits of the security checklist. */
export const publishedLimits: Limits = {
  sessionPerMinute: 60,
  addressPerMinute: 120,
  sessionPerSecond: 10,
};

/**
 * Counts in fixed windows of a minute and a second, in memory: all counts are dropped when a
 * window ends, so memory is bounded by what one minute brings. Each slot counts for itself.
 */
export class RateLimiter {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #sessions = new FixedWindow(60_000);
  readonly #addresses = new FixedWindow(60_000);
  readonly #bursts = new FixedWindow(1_000);

  constructor(limits: Limits = publishedLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts a request of an address. Throws 429 beyond its allowance. */
  countAddress(address: string): void {
    const used = this.#addresses.count(address, this.#now());
    if (used > this.#limits.addressPerMinute) throw tooMany('address');
  }

  /** Counts a request of a session. `refused` when it is one too many, in the minute or at once. */
  countSession(sessionId: string): { readonly allowance: Allowance; readonly refused: boolean } {
    const now = this.#now();
    const used = this.#sessions.count(sessionId, now);
    const atOnce = this.#bursts.count(sessionId, now);
    const limit = this.#limits.sessionPerMinute;
    const refused = used > limit || atOnce > this.#limits.sessionPerSecond;
    const resetSeconds = this.#sessions.secondsLeft(now);
    return { allowance: { limit, remaining: Math.max(0, limit - used), resetSeconds }, refused };
  }
}

/** The answer to a request beyond an allowance. */
export function tooMany(whose: 'session' | 'address'): ApiError {
  return new ApiError(429, 'rate.limit', `Too many requests from this ${whose}. Wait a moment.`);
}

class FixedWindow {
  readonly #length: number;
  #counts = new Map<string, number>();
  #window = -1;

  constructor(length: number) {
    this.#length = length;
  }

  count(key: string, now: number): number {
    const window = Math.floor(now / this.#length);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const used = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, used);
    return used;
  }

  secondsLeft(now: number): number {
    return Math.ceil((this.#length - (now % this.#length)) / 1_000);
  }
}
