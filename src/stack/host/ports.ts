import { ControlError } from '../control/service.ts';
import { isPortFree } from '../ports.ts';

/** Hands out ports of a range in turn, so that a port just left is the last to be taken again. */
export class PortTurn {
  readonly #first: number;
  readonly #count: number;
  #next = 0;

  constructor([first, last]: readonly [number, number]) {
    this.#first = first;
    this.#count = Math.max(0, last - first + 1);
  }

  /** A port that nobody listens on now. ControlError NO_PORT when there is none left. */
  async take(): Promise<number> {
    for (let tried = 0; tried < this.#count; tried += 1) {
      const port = this.#first + (this.#next % this.#count);
      this.#next += 1;
      if (await isPortFree(port)) return port;
    }
    throw new ControlError(503, 'NO_PORT', 'no free port is left for a slot');
  }
}
