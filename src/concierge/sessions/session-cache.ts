import { Redis } from 'ioredis';

/** What is remembered of a widget session. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly updatedAt: string;
  /** Null: nobody knows what the customer wants yet. */
  readonly lastIntent: string | null;
  readonly lastRequestId: string;
  readonly build: string;
}

/** Remembers widget sessions. Never fails and never delays a request. */
export interface SessionCache {
  remember(record: SessionRecord): void;
  close(): Promise<void>;
}

/** For stub mode, or where no Redis is configured. */
export const noSessions: SessionCache = {
  remember: () => undefined,
  close: async () => undefined,
};

const timeToLiveSeconds = 30 * 24 * 3_600;
const flushMs = 100;
const capacity = 20_000;

/** What a cache tells the log: it went away, or it is back. */
export type CacheNotice = (state: 'away' | 'back', reason: string) => void;

/**
 * Sessions in Redis: the newest state of each session is written once in 100 ms, all in one
 * pipeline. While Redis is away the records of that time are given up: it is a cache.
 */
export class RedisSessionCache implements SessionCache {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #notice: CacheNotice;
  #waiting = new Map<string, SessionRecord>();
  #timer: NodeJS.Timeout | undefined;
  #away = false;

  constructor(url: string, prefix: string, notice: CacheNotice) {
    this.#prefix = prefix;
    this.#notice = notice;
    this.#redis = new Redis(url, {
      connectTimeout: 1_000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
    });
    this.#redis.on('error', (error: Error) => this.#tell(true, error.message));
    this.#redis.on('ready', () => this.#tell(false, 'connected'));
  }

  remember(record: SessionRecord): void {
    if (this.#waiting.size >= capacity) return;
    this.#waiting.set(record.sessionId, record);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#flush();
    }, flushMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
    this.#redis.disconnect();
  }

  async #flush(): Promise<void> {
    const records = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (records.length === 0 || this.#redis.status !== 'ready') return;
    const pipeline = this.#redis.pipeline();
    for (const record of records) {
      const key = this.#prefix + record.sessionId;
      pipeline.set(key, JSON.stringify(record), 'EX', timeToLiveSeconds);
    }
    try {
      await pipeline.exec();
    } catch (error) {
      this.#tell(true, error instanceof Error ? error.message : String(error));
    }
  }

  #tell(away: boolean, reason: string): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#notice(away ? 'away' : 'back', reason);
  }
}
