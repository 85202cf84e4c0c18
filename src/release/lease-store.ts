import type { LeaseRecord } from './lease.ts';

/** Where leases are kept. It decides nothing: `Leases` does. */
export interface LeaseStore {
  /** The record as it stands; fence 0 when there never was a holder. STORE_FAILED. */
  read(environment: string): Promise<LeaseRecord>;
  /**
   * Whether a holder's own number still counts, at a moment after the call. It is asked before each
   * act and each entry, so it is the cheapest look that tells. STORE_FAILED.
   */
  holds(environment: string, fence: number): Promise<boolean>;
  /**
   * Puts `to` in the place of `from`, durably: false when the record is no longer `from`, told by
   * fence and renewal. `to` has the same fence and the next renewal, or the next fence. STORE_FAILED.
   */
  replace(from: LeaseRecord, to: LeaseRecord): Promise<boolean>;
  /** Where the lease of an environment is kept, for people; safe to print. */
  where(environment: string): string;
}

/** The record of an environment that nobody ever held. */
export function noLease(environment: string): LeaseRecord {
  return { environment, fence: 0, renewal: 0, holder: null };
}

/** Whether two records are the same state of the same lease. */
export function sameLease(a: LeaseRecord, b: LeaseRecord): boolean {
  return a.fence === b.fence && a.renewal === b.renewal;
}
