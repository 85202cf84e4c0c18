import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock.ts';

/** Time that passes only by waiting: a wait of an hour is over at once. */
export class HandTime {
  elapsed = 0;
  /** Called after each wait, with the time that has passed since the beginning. */
  onWait: (elapsed: number) => Promise<void> | void = () => undefined;
  readonly #begin = Date.parse('2026-11-22T08:00:00Z');

  /** A clock of a machine that is so many milliseconds ahead. */
  clock(aheadMs = 0): Clock {
    return {
      now: () => this.#begin + aheadMs + this.elapsed,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        this.elapsed += ms;
        await this.onWait(this.elapsed);
        await setImmediate();
        signal?.throwIfAborted();
      },
    };
  }
}
