import {
  type Collection,
  type Document,
  MongoServerError,
  MongoWriteConcernError,
  type ReadConcernLike,
  type WriteConcernOptions,
} from 'mongodb';
import type { Clock } from '../../base/clock.ts';
import { unlessAborted } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { createClient, safeAddress } from '../../services/database/mongodb-client.ts';

/** Where releases are kept. */
export interface StateDatabaseSettings {
  readonly uri: Secret;
  readonly database: string;
  /** How long a call is tried again while the database is away; ten seconds when left out. */
  readonly patienceMs?: number;
}

/** What a read may be told: on a single server anything is the last word. */
export interface ReadLevels {
  /** What most members have: no failover takes it back. */
  readonly settled: ReadConcernLike;
  /** Besides, nothing newer can exist: what a right to act is read with. */
  readonly newest: ReadConcernLike;
}

/** Acknowledged by most members and on their disks: no failover takes it back. */
export const durably: WriteConcernOptions = { writeConcern: { w: 'majority', j: true } };
/** For progress, which a crash may lose. */
export const quickly: WriteConcernOptions = { writeConcern: { w: 1 } };

/** One attempt; then the call is made again, or given up. */
const callMs = 5_000;
const pauseMs = 200;
/** After a database did not answer, nobody waits for it again for this long. */
const restMs = 5_000;

const duplicateKey = 11_000;
/** Not the primary, shutting down, stepping down, no network: what a failover answers with. */
const passing = new Set([
  6, 7, 64, 89, 91, 112, 134, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436,
]);

/** Whether the key is taken already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/** Whether nobody knows if the call was carried out, or another one may be. */
function isUncertain(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return true;
  if (error instanceof MongoWriteConcernError) return true;
  return error.hasErrorLabel('RetryableWriteError') || passing.has(Number(error.code));
}

/**
 * The database that releases are kept in. Connects on first use. Whatever is called may be called
 * again: a call whose answer was lost is made anew, so it must do the same once or twice.
 */
export class StateDatabase {
  /** Without user and password, safe to print. */
  readonly address: string;
  readonly #client;
  readonly #patienceMs: number;
  #levels: Promise<ReadLevels> | undefined;
  #restUntil = 0;

  constructor(
    private readonly settings: StateDatabaseSettings,
    private readonly clock: Clock,
  ) {
    this.#client = createClient(settings.uri);
    this.address = `${safeAddress(settings.uri)}/${settings.database}`;
    this.#patienceMs = settings.patienceMs ?? 10_000;
  }

  collection<T extends Document>(name: string): Collection<T> {
    return this.#client.db(this.settings.database).collection<T>(name);
  }

  /**
   * Makes a call, again and again while the database is away and the caller is patient. STORE_FAILED
   * says what was being done; it never shows the connection string.
   */
  async call<T>(
    doing: string,
    act: (levels: ReadLevels) => Promise<T>,
    { patient = true }: { readonly patient?: boolean } = {},
  ): Promise<T> {
    const begin = performance.now();
    if (begin < this.#restUntil) throw this.#failed(doing, 'it did not answer a moment ago');
    for (;;) {
      try {
        const attempt = this.#readLevels().then(act);
        return await unlessAborted(attempt, AbortSignal.timeout(callMs));
      } catch (error) {
        if (error instanceof AuroraError) throw error;
        if (!isUncertain(error)) throw this.#failed(doing, error);
        if (!patient || performance.now() - begin >= this.#patienceMs) {
          this.#restUntil = performance.now() + restMs;
          throw this.#failed(doing, error);
        }
        await this.clock.sleep(pauseMs);
      }
    }
  }

  /**
   * Inserts a document that only one may insert: false when another's is there. `writer` tells whose
   * it is, so that one whose answer was lost is known again.
   */
  insertOnce(
    doing: string,
    collection: Collection<Owned>,
    document: Owned,
    how: { readonly durable: boolean; readonly patient?: boolean },
  ): Promise<boolean> {
    const insert = async ({ settled }: ReadLevels): Promise<boolean> => {
      try {
        await collection.insertOne(document, how.durable ? durably : quickly);
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      const options = how.durable ? { readConcern: settled } : {};
      const there = await collection.findOne({ _id: document._id }, options);
      if (there === null) throw new Error('an entry is not yet on most members');
      return there.writer === document.writer;
    };
    return this.call(doing, insert, how.patient === undefined ? {} : { patient: how.patient });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #readLevels(): Promise<ReadLevels> {
    this.#levels ??= this.#askLevels().catch((error: unknown) => {
      this.#levels = undefined;
      throw error;
    });
    return this.#levels;
  }

  async #askLevels(): Promise<ReadLevels> {
    const { setName, msg } = await this.#client.db('admin').command({ hello: 1 });
    const replicated = setName !== undefined || msg === 'isdbgrid';
    const level = (wanted: 'majority' | 'linearizable') => ({
      level: replicated ? wanted : ('local' as const),
    });
    return { settled: level('majority'), newest: level('linearizable') };
  }

  #failed(doing: string, why: unknown): AuroraError {
    // The driver's error refers to its client and so to its credentials: only the text goes on.
    const text = typeof why === 'string' ? why : messageOf(why);
    return new AuroraError('STORE_FAILED', `${doing} failed: ${text}`, {
      where: this.address,
      remedy: 'Nothing is lost: when the database answers again, `aurora resume` goes on.',
      ...(typeof why === 'string' ? {} : { cause: new Error(text) }),
    });
  }
}

/** A document with the mark of whoever inserted it. */
export interface Owned extends Document {
  readonly writer: string;
}
