import type { EnvironmentName } from '../base/environments.ts';

/** Who has the right to change an environment. */
export interface LeaseHolder {
  readonly release: string;
  readonly actor: string;
  readonly host: string;
  readonly pid: number;
  /** What tells the process from every other (`markText`), then what tells its leases apart. */
  readonly process?: string;
  /** ISO 8601, by the holder's own clock, as `expires`. */
  readonly since: string;
  readonly expires: string;
}

/** The lease of an environment as the store holds it. */
export interface LeaseRecord {
  readonly environment: string;
  /** Grows with every holder; an act with a smaller number is refused. 0: there never was one. */
  readonly fence: number;
  /** Grows with every change under this number: a holder that still lives is seen by it. */
  readonly renewal: number;
  /** Null when nobody holds it: the number stays. */
  readonly holder: LeaseHolder | null;
}

/** Whom a lease was taken from, and by what right. */
export interface TakenFrom {
  readonly release: string;
  readonly actor: string;
  readonly host: string;
  readonly since: string;
  /** Its process is gone; it gave no sign of life for too long; or somebody took it regardless. */
  readonly why: 'dead' | 'expired' | 'takeover' | 'rollback';
}

/** The right to change an environment, held by this process. */
export interface Lease {
  readonly fence: number;
  /** Null when nobody held it. */
  readonly takenFrom: TakenFrom | null;
  /** Aborts with LEASE_LOST as soon as it is seen that somebody raised the fence: at a renewal, or a check. */
  readonly lost: AbortSignal;
  /**
   * Looks at the lease and throws LEASE_LOST when somebody raised the fence. Called before each act and
   * each append. STORE_FAILED when the store does not tell.
   */
  check(): Promise<void>;
  /** Gives it back, unless it is another's by now. */
  release(): Promise<void>;
}

/** Leases are taken in this order, so that two releases never wait for each other. */
export const leaseOrder: readonly EnvironmentName[] = ['production', 'staging'];

/** A holder that has not renewed for this long is taken to be dead. */
export const leaseTtlMs = 30_000;
