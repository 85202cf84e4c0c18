import { SessionTable } from './session-table.ts';

/** In seconds: the service levels' bounds. Buckets of the duration histogram, too. */
export const slowBounds = [0.3, 0.4, 0.45, 0.5, 0.6, 0.65, 0.7] as const;
const boundsMs = slowBounds.map((seconds) => Math.round(seconds * 1_000));

/** What a session has met: the number of bounds that its slowest answer passed, and two marks. */
const passedBits = 0b0111;
const bad = 0b1000;
const seen = 0b1_0000;

/** Distinct sessions, of one endpoint or of all of them. */
export interface SessionCounts {
  readonly n: number;
  /** With at least one server error. */
  readonly bad: number;
  /** With at least one answer slower than the bound at the same place of `slowBounds`. */
  readonly slow: readonly number[];
}

/** Counts the sessions of one endpoint, by rows of the table. */
class Tally implements SessionCounts {
  n = 0;
  bad = 0;
  readonly slow = boundsMs.map(() => 0);
  readonly #met: Uint8Array;

  constructor(ceiling: number) {
    this.#met = new Uint8Array(ceiling);
  }

  forget(row: number): void {
    this.#met[row] = 0;
  }

  count(row: number, failed: boolean, passed: number): void {
    const before = this.#met[row] ?? 0;
    if ((before & seen) === 0) this.n += 1;
    if (failed && (before & bad) === 0) this.bad += 1;
    const most = before & passedBits;
    for (let at = most; at < passed; at += 1) this.slow[at] = (this.slow[at] ?? 0) + 1;
    const met = seen | (failed ? bad : before & bad) | (passed > most ? passed : most);
    if (met !== before) this.#met[row] = met;
  }
}

/** How many of the bounds an answer of so many milliseconds passed. */
function passedBy(duration: number): number {
  let passed = 0;
  while (passed < boundsMs.length && duration > (boundsMs[passed] ?? 0)) passed += 1;
  return passed;
}

/**
 * Counts distinct sessions, those that met a server error and those that were kept waiting: over all
 * and at each endpoint. Memory is bounded: the sessions seen last are remembered, up to a ceiling,
 * and one byte for each of them and endpoint. One that comes back after so many others counts twice.
 */
export class SessionCensus {
  readonly #ceiling: number;
  readonly #table: SessionTable;
  readonly #all: Tally;
  readonly #endpoints = new Map<string, Tally>();

  constructor(ceiling = 100_000) {
    this.#ceiling = ceiling;
    this.#table = new SessionTable(ceiling);
    this.#all = new Tally(ceiling);
  }

  /** Takes in an answer to a session; `duration` in milliseconds. */
  count(sessionId: string, endpoint: string, failed: boolean, duration: number): void {
    let row = this.#table.see(sessionId);
    if (row < 0) {
      row = ~row;
      this.#all.forget(row);
      for (const tally of this.#endpoints.values()) tally.forget(row);
    }
    const passed = passedBy(duration);
    this.#all.count(row, failed, passed);
    this.#at(endpoint).count(row, failed, passed);
  }

  /** Over all endpoints. */
  get all(): SessionCounts {
    return this.#all;
  }

  /** The endpoints that were asked so far. */
  get endpoints(): ReadonlyMap<string, SessionCounts> {
    return this.#endpoints;
  }

  #at(endpoint: string): Tally {
    const known = this.#endpoints.get(endpoint);
    if (known !== undefined) return known;
    const tally = new Tally(this.#ceiling);
    this.#endpoints.set(endpoint, tally);
    return tally;
  }
}
