import type { Collection } from 'mongodb';
import type { KeyDocument } from './collections.ts';
import { isDuplicateKey } from './connect.ts';
import type { KeyClaim, KeyUse, StoredAnswer } from './store.ts';

const keptMs = 24 * 3_600_000;

/** Idempotency keys in MongoDB: the unique index on the key's hash lets one request through. */
export class MongoKeys {
  readonly #keys: Collection<KeyDocument>;

  constructor(keys: Collection<KeyDocument>) {
    this.#keys = keys;
  }

  async claim(use: KeyUse): Promise<KeyClaim> {
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + keptMs);
    try {
      await this.#keys.insertOne({ ...use, answer: null, createdAt, expiresAt });
      return { state: 'fresh' };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const earlier = await this.#keys.findOne({ hash: use.hash });
    // Expired or freed between the two: the customer may simply try again.
    if (earlier === null) return { state: 'running' };
    if (earlier.bodyHash !== use.bodyHash) return { state: 'other-body' };
    return earlier.answer === null
      ? { state: 'running' }
      : { state: 'answered', answer: earlier.answer };
  }

  async answer(hash: string, answer: StoredAnswer): Promise<void> {
    await this.#keys.updateOne({ hash }, { $set: { answer } });
  }

  async free(hash: string): Promise<void> {
    await this.#keys.deleteOne({ hash });
  }
}
