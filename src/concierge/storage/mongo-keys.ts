import type { Collection } from 'mongodb';
import type { KeyDocument } from './collections.ts';
import { isDuplicateKey } from './connect.ts';
import type { KeyClaim, KeyUse, StoredAnswer } from './store.ts';

/** How long an answer is kept for its key. */
const keptMs = 24 * 3_600_000;
/** A request that did not end by then ended with its process: its key is free again. */
const runningMs = 60_000;

/** Idempotency keys in MongoDB: the unique index on the key's hash lets one request through. */
export class MongoKeys {
  readonly #keys: Collection<KeyDocument>;
  readonly #now: () => number;

  constructor(keys: Collection<KeyDocument>, now: () => number = Date.now) {
    this.#keys = keys;
    this.#now = now;
  }

  async claim(use: KeyUse): Promise<KeyClaim> {
    const createdAt = new Date(this.#now());
    const expiresAt = new Date(createdAt.getTime() + runningMs);
    const claim = { ...use, answer: null, createdAt, expiresAt };
    try {
      await this.#keys.insertOne({ ...claim });
      return { state: 'fresh' };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    // The database removes what expired only now and then: whoever comes first takes it over.
    const outdated = { hash: use.hash, expiresAt: { $lte: createdAt } };
    const taken = await this.#keys.updateOne(outdated, { $set: claim });
    if (taken.modifiedCount > 0) return { state: 'fresh' };
    const earlier = await this.#keys.findOne({ hash: use.hash });
    // Expired or freed between the two: the customer may simply try again.
    if (earlier === null) return { state: 'running' };
    if (earlier.bodyHash !== use.bodyHash) return { state: 'other-body' };
    return earlier.answer === null
      ? { state: 'running' }
      : { state: 'answered', answer: earlier.answer };
  }

  async answer(hash: string, answer: StoredAnswer): Promise<void> {
    const expiresAt = new Date(this.#now() + keptMs);
    await this.#keys.updateOne({ hash }, { $set: { answer, expiresAt } });
  }

  async free(hash: string): Promise<void> {
    await this.#keys.deleteOne({ hash });
  }
}
