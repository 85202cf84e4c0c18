import { randomInt } from 'node:crypto';
import { Fingerprint } from './fingerprint.ts';

const nobody = -1;

/**
 * Gives each of the sessions seen last a row of its own, up to a ceiling; then a new session takes
 * the row of the one that was seen longest ago. Holds fingerprints in arrays and no ids: 24 bytes
 * for each session, however long its id is, and nothing to allocate or collect for a request.
 */
export class SessionTable {
  readonly #ceiling: number;
  readonly #print: Fingerprint;
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  /** First row of each chain of rows whose fingerprints begin alike, and the next in the chain. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  /** Neighbours by time of last sight. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  #oldest = nobody;
  #newest = nobody;
  #used = 0;

  constructor(ceiling: number, seed = randomInt(2 ** 32)) {
    this.#ceiling = ceiling;
    this.#print = new Fingerprint(seed);
    this.#high = new Int32Array(ceiling);
    this.#low = new Int32Array(ceiling);
    this.#first = new Int32Array(2 ** Math.ceil(Math.log2(ceiling + 1))).fill(nobody);
    this.#next = new Int32Array(ceiling);
    this.#older = new Int32Array(ceiling);
    this.#newer = new Int32Array(ceiling);
  }

  /** The session's row, 0 to ceiling - 1; its complement (`~row`, below 0) for one that is new. */
  see(sessionId: string): number {
    this.#print.take(sessionId);
    const { high, low } = this.#print;
    const chain = this.#chainOf(high);
    let row = this.#first[chain] ?? nobody;
    while (row !== nobody && (this.#high[row] !== high || this.#low[row] !== low)) {
      row = this.#next[row] ?? nobody;
    }
    if (row !== nobody) {
      if (row !== this.#newest) {
        this.#takeOut(row);
        this.#putNewest(row);
      }
      return row;
    }
    row = this.#freeRow();
    this.#high[row] = high;
    this.#low[row] = low;
    this.#next[row] = this.#first[chain] ?? nobody;
    this.#first[chain] = row;
    this.#putNewest(row);
    return ~row;
  }

  #chainOf(high: number): number {
    return high & (this.#first.length - 1);
  }

  #freeRow(): number {
    if (this.#used < this.#ceiling) {
      this.#used += 1;
      return this.#used - 1;
    }
    const row = this.#oldest;
    this.#takeOut(row);
    this.#unchain(row);
    return row;
  }

  #unchain(row: number): void {
    const chain = this.#chainOf(this.#high[row] ?? 0);
    const next = this.#next[row] ?? nobody;
    let before = this.#first[chain] ?? nobody;
    if (before === row) {
      this.#first[chain] = next;
      return;
    }
    while (this.#next[before] !== row) before = this.#next[before] ?? nobody;
    this.#next[before] = next;
  }

  #takeOut(row: number): void {
    const older = this.#older[row] ?? nobody;
    const newer = this.#newer[row] ?? nobody;
    if (older === nobody) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === nobody) this.#newest = older;
    else this.#older[newer] = older;
  }

  #putNewest(row: number): void {
    this.#older[row] = this.#newest;
    this.#newer[row] = nobody;
    if (this.#newest === nobody) this.#oldest = row;
    else this.#newer[this.#newest] = row;
    this.#newest = row;
  }
}
