/** A stored value; `id` grows with every new key and gives SCAN its order. */
interface Entry {
  readonly id: number;
  readonly key: string;
  value: Buffer;
  /** Milliseconds since the epoch; Infinity when it never expires. */
  expiresAt: number;
  dead: boolean;
}

/** One step of a SCAN. */
export interface ScanPage {
  /** Where to go on; 0 when the scan is complete. */
  readonly cursor: number;
  readonly keys: readonly string[];
}

/**
 * The keys of one database. Keys are latin1 strings, which hold any bytes. An expired key is gone for
 * every reader at once; its memory is freed when it is next touched, or by `sweep`.
 */
export class Keyspace {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  /** By ascending id; removed ones stay as dead until there are as many of them as living ones. */
  #order: Entry[] = [];
  #lastId = 0;
  #sweepAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Number of keys, those included that have expired but were not yet swept: as DBSIZE does. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Buffer | null {
    return this.#living(key)?.value ?? null;
  }

  has(key: string): boolean {
    return this.#living(key) !== undefined;
  }

  set(key: string, value: Buffer, expiresAt: number): void {
    const present = this.#living(key);
    if (present !== undefined) {
      present.value = value;
      present.expiresAt = expiresAt;
      return;
    }
    this.#lastId += 1;
    const entry: Entry = { id: this.#lastId, key, value, expiresAt, dead: false };
    this.#entries.set(key, entry);
    this.#order.push(entry);
  }

  /** Whether there was such a key. */
  delete(key: string): boolean {
    const entry = this.#living(key);
    if (entry === undefined) return false;
    this.#bury(entry);
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#order = [];
  }

  /** When the key expires; Infinity: never; undefined: there is no such key. */
  expiry(key: string): number | undefined {
    return this.#living(key)?.expiresAt;
  }

  /** Sets the moment of expiry; false when there is no such key. A moment in the past removes it. */
  expire(key: string, expiresAt: number): boolean {
    const entry = this.#living(key);
    if (entry === undefined) return false;
    if (expiresAt <= this.#now()) this.#bury(entry);
    else entry.expiresAt = expiresAt;
    return true;
  }

  /** How many keys have an expiry. Walks over all of them. */
  expiring(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.expiresAt !== Infinity) count += 1;
    return count;
  }

  /**
   * Looks at up to `count` keys, from the newest to the oldest. Every key that is there from the
   * first to the last step is met once; keys that are added meanwhile are not, so a scan of a
   * database under load comes to an end.
   */
  scan(cursor: number, count: number, matches: (key: string) => boolean): ScanPage {
    let at = (cursor === 0 ? this.#order.length : this.#indexOf(cursor)) - 1;
    const keys: string[] = [];
    const now = this.#now();
    let last = 0;
    for (let seen = 0; at >= 0 && seen < count; at -= 1) {
      const entry = this.#order[at];
      if (entry === undefined || entry.dead) continue;
      seen += 1;
      last = entry.id;
      if (entry.expiresAt > now && matches(entry.key)) keys.push(entry.key);
    }
    return { cursor: at < 0 ? 0 : last, keys };
  }

  /** Removes expired keys among the next `count`; called from time to time it gets at all of them. */
  sweep(count: number): void {
    const now = this.#now();
    const end = Math.min(this.#sweepAt + count, this.#order.length);
    for (let at = this.#sweepAt; at < end; at += 1) {
      const entry = this.#order[at];
      if (entry !== undefined && !entry.dead && entry.expiresAt <= now) {
        this.#entries.delete(entry.key);
        entry.dead = true;
      }
    }
    this.#sweepAt = end >= this.#order.length ? 0 : end;
    this.#compact();
  }

  #living(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt > this.#now()) return entry;
    this.#bury(entry);
    return undefined;
  }

  #bury(entry: Entry): void {
    this.#entries.delete(entry.key);
    entry.dead = true;
    this.#compact();
  }

  #compact(): void {
    if (this.#order.length > 64 && this.#order.length > 2 * this.#entries.size) {
      this.#order = this.#order.filter((entry) => !entry.dead);
      this.#sweepAt = 0;
    }
  }

  /** Position of the first entry whose id is `id` or more. */
  #indexOf(id: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle]?.id ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
