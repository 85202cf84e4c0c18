import { setTimeout as delay } from 'node:timers/promises';

/** The time, as something that can be injected. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

/** ISO 8601 of an instant in milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
