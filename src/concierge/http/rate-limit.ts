import type { FastifyReply } from 'fastify';
import { ApiError } from '../errors.ts';

/** How much of an allowance is left. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is full again. */
  readonly resetSeconds: number;
}

/** What counting a request came to. */
export interface Counted {
  readonly allowance: Allowance;
  /** Seconds to wait when the request is one too many; null when it may go on. */
  readonly retrySeconds: number | null;
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

  /** Counts a request of an address. */
  countAddress(address: string): Counted {
    const now = this.#now();
    const limit = this.#limits.addressPerMinute;
    const used = this.#addresses.count(address, now);
    const allowance = allowanceOf(limit, used, this.#addresses.secondsLeft(now));
    return { allowance, retrySeconds: used > limit ? allowance.resetSeconds : null };
  }

  /** Counts a request of a session, in its minute and in its second. */
  countSession(sessionId: string): Counted {
    const now = this.#now();
    const limit = this.#limits.sessionPerMinute;
    const used = this.#sessions.count(sessionId, now);
    const atOnce = this.#bursts.count(sessionId, now);
    const allowance = allowanceOf(limit, used, this.#sessions.secondsLeft(now));
    if (used > limit) return { allowance, retrySeconds: allowance.resetSeconds };
    return { allowance, retrySeconds: atOnce > this.#limits.sessionPerSecond ? 1 : null };
  }
}

/** The one that ends first. */
export function tighter(one: Allowance, other: Allowance | null): Allowance {
  return other !== null && other.remaining < one.remaining ? other : one;
}

/** Tells a client its allowance. */
export function writeAllowance(reply: FastifyReply, allowance: Allowance): void {
  reply.header('x-ratelimit-limit', allowance.limit);
  reply.header('x-ratelimit-remaining', allowance.remaining);
  reply.header('x-ratelimit-reset', allowance.resetSeconds);
}

/** Refuses a request that is one too many: throws 429, with the time to wait in `retry-after`. */
export function refuseBeyond(
  { retrySeconds }: Counted,
  whose: 'session' | 'address',
  reply: FastifyReply,
): void {
  if (retrySeconds === null) return;
  reply.header('retry-after', retrySeconds);
  const message = `Too many requests from this ${whose}. Wait a moment.`;
  throw new ApiError(429, 'rate.limit', message);
}

function allowanceOf(limit: number, used: number, resetSeconds: number): Allowance {
  return { limit, remaining: Math.max(0, limit - used), resetSeconds };
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
