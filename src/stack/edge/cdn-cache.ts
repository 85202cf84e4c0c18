import type { FlatHeaders } from './headers.ts';

const entryBytes = 4 * 1024 * 1024;
const totalBytes = 64 * 1024 * 1024;

/** A bundle as a slot answered it. */
export interface CachedAnswer {
  readonly headers: FlatHeaders;
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly freshUntil: number;
}

/** Seconds that a shared cache may keep an answer; 0 when it may not. */
export function sharedLifetime(cacheControl: string | undefined): number {
  const words = (cacheControl ?? '').toLowerCase().split(',');
  const directives = new Map(
    words.map((word) => {
      const [name = '', value = ''] = word.trim().split('=');
      return [name, value] as const;
    }),
  );
  if (!directives.has('public') || directives.has('no-store') || directives.has('no-cache'))
    return 0;
  const seconds = Number(directives.get('s-maxage') ?? directives.get('max-age') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

/**
 * The CDN's memory. Its key is the path alone: bundles are named by their digest, so cohort, host and
 * query make no difference. Bounded by bytes; what was asked for longest ago goes first.
 */
export class CdnCache {
  readonly #entries = new Map<string, CachedAnswer>();
  #bytes = 0;
  /** Grows with every purge: an answer asked for before a purge is not stored after it. */
  generation = 0;

  get(path: string, now: number): CachedAnswer | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    this.#entries.delete(path);
    if (entry.freshUntil <= now) {
      this.#bytes -= entry.body.length;
      return undefined;
    }
    this.#entries.set(path, entry);
    return entry;
  }

  /** Keeps an answer unless it is too large or a purge came in between. */
  set(path: string, entry: CachedAnswer, generation: number): void {
    if (generation !== this.generation || entry.body.length > entryBytes) return;
    this.#drop(path);
    this.#entries.set(path, entry);
    this.#bytes += entry.body.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= totalBytes) break;
      this.#drop(oldest);
    }
  }

  /** Drops one path, or everything below `prefix/*`; returns how many entries went. */
  purge(path: string): number {
    this.generation += 1;
    if (!path.endsWith('/*')) return this.#drop(path);
    let dropped = 0;
    for (const key of [...this.#entries.keys()]) {
      if (key.startsWith(path.slice(0, -1))) dropped += this.#drop(key);
    }
    return dropped;
  }

  #drop(path: string): 0 | 1 {
    const entry = this.#entries.get(path);
    if (entry === undefined) return 0;
    this.#entries.delete(path);
    this.#bytes -= entry.body.length;
    return 1;
  }
}
