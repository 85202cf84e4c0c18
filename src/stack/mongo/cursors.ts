import { calculateObjectSize, Long } from 'bson';
import { fail } from './errors.ts';
import type { Doc } from './values/value.ts';

interface Cursor {
  readonly namespace: string;
  readonly docs: readonly Doc[];
  position: number;
  usedAt: number;
}

/** A reply holds at most this many bytes of documents, as MongoDB's does. */
const batchBytes = 16 * 1024 * 1024;
const firstBatchSize = 101;
/** Cursors that nobody asks for any more are forgotten after ten minutes. */
const idleMs = 600_000;

/** Results that are handed out in batches. Documents are never changed, so each is a snapshot. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();
  readonly #now: () => number;
  #last = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The reply to a command that starts a cursor. `batchSize` undefined means the default. */
  first(
    namespace: string,
    docs: readonly Doc[],
    batchSize: number | undefined,
    single = false,
  ): Doc {
    const cursor = { namespace, docs, position: 0, usedAt: this.#now() };
    const firstBatch = take(cursor, batchSize ?? firstBatchSize);
    const more = !single && cursor.position < docs.length;
    const id = more ? this.#keep(cursor) : 0n;
    return { cursor: { firstBatch, id: Long.fromBigInt(id), ns: namespace } };
  }

  /** The reply to `getMore`; throws code 43 when the cursor is gone. */
  next(id: bigint, namespace: string, batchSize: number | undefined): Doc {
    const cursor = this.#open.get(String(id));
    if (cursor === undefined || cursor.namespace !== namespace) {
      fail(43, `cursor id ${id} not found`);
    }
    const nextBatch = take(cursor, batchSize ?? Number.POSITIVE_INFINITY);
    cursor.usedAt = this.#now();
    const done = cursor.position >= cursor.docs.length;
    if (done) this.#open.delete(String(id));
    return { cursor: { nextBatch, id: Long.fromBigInt(done ? 0n : id), ns: namespace } };
  }

  /** Whether there was such a cursor. */
  kill(id: bigint): boolean {
    return this.#open.delete(String(id));
  }

  /** Forgets the cursors that were left behind. */
  expire(): void {
    const before = this.#now() - idleMs;
    for (const [id, cursor] of this.#open) if (cursor.usedAt < before) this.#open.delete(id);
  }

  #keep(cursor: Cursor): bigint {
    this.#last += 1n;
    // Far from small numbers, so that a mistaken Int32 or a lost digit shows in tests.
    const id = (1n << 60n) + this.#last;
    this.#open.set(String(id), cursor);
    return id;
  }
}

function take(cursor: Cursor, count: number): Doc[] {
  const batch: Doc[] = [];
  let bytes = 0;
  while (batch.length < count && cursor.position < cursor.docs.length) {
    const doc = cursor.docs[cursor.position];
    if (doc === undefined) break;
    bytes += calculateObjectSize(doc);
    if (batch.length > 0 && bytes > batchBytes) break;
    batch.push(doc);
    cursor.position += 1;
  }
  return batch;
}
