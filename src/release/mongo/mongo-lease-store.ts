import type { LeaseRecord } from '../lease.ts';
import { type LeaseStore, noLease, sameLease } from '../lease-store.ts';
import { durably, isDuplicate, type StateDatabase } from './state-database.ts';

/** A lease under the name of its environment. */
interface LeaseDocument {
  readonly _id: string;
  readonly fence: number;
  readonly renewal: number;
  readonly holder: LeaseRecord['holder'];
}

/** Leases in MongoDB: one document each, replaced only while it is what was read. */
export class MongoLeaseStore implements LeaseStore {
  constructor(private readonly database: StateDatabase) {}

  where(environment: string): string {
    return `${this.database.address}.leases/${environment}`;
  }

  read(environment: string): Promise<LeaseRecord> {
    return this.database.call('reading the lease', async ({ newest }) => {
      const found = await this.#leases().findOne({ _id: environment }, { readConcern: newest });
      if (found === null) return noLease(environment);
      const { fence, renewal, holder } = found;
      return { environment, fence, renewal, holder };
    });
  }

  async holds(environment: string, fence: number): Promise<boolean> {
    const now = await this.read(environment);
    return now.fence === fence && now.holder !== null;
  }

  async replace(from: LeaseRecord, to: LeaseRecord): Promise<boolean> {
    const { environment, ...next } = to;
    const changed = await this.database.call('writing the lease', async () => {
      if (from.fence === 0) return this.#insert({ _id: environment, ...next });
      const { fence, renewal } = from;
      const filter = { _id: environment, fence, renewal };
      const { matchedCount } = await this.#leases().replaceOne(filter, next, durably);
      return matchedCount === 1;
    });
    // It may have been carried out by an attempt whose answer was lost: then it stands there.
    return changed || isIdentical(await this.read(environment), to);
  }

  async #insert(lease: LeaseDocument): Promise<boolean> {
    try {
      await this.#leases().insertOne(lease, durably);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  #leases() {
    return this.database.collection<LeaseDocument>('leases');
  }
}

/** The same state, reached by the same hand: a moment and a process are in every holder. */
function isIdentical(a: LeaseRecord, b: LeaseRecord): boolean {
  return sameLease(a, b) && JSON.stringify(a.holder) === JSON.stringify(b.holder);
}
