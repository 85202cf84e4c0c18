import { randomBytes } from 'node:crypto';
import { type Clock, isoTime } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import { markText, ownMark, type ProcessMark } from '../base/process-mark.ts';
import { HeldLease } from './held-lease.ts';
import { holderText } from './holder-text.ts';
import {
  type Lease,
  type LeaseHolder,
  type LeaseRecord,
  leaseTtlMs,
  type TakenFrom,
} from './lease.ts';
import { type LeaseLife, lifeOf } from './lease-life.ts';
import { type LeaseStore, sameLease } from './lease-store.ts';

/** What differs from the usual, for tests. */
export interface LeaseOptions {
  /** `leaseTtlMs` when left out; renewals come three times in it. */
  readonly ttlMs?: number;
  /** The process that takes leases here; this one when left out. */
  readonly here?: ProcessMark;
}

/** How to look at a holder before it is believed. */
export interface AcquireOptions {
  /**
   * Which holders are watched for signs of life. `silent` (the default): one whose time seems over,
   * for one and a half renewals. `all`: also one whose time is not, for a whole TTL, since its clock
   * may be ahead: a holder that renews nothing for that long is dead whatever its record says.
   */
  readonly watch?: 'silent' | 'all';
  /** At most this long, in milliseconds; then the holder is left alone. */
  readonly withinMs?: number;
  /** Ends the watching with its reason. */
  readonly signal?: AbortSignal;
}

/** How often a watched record is looked at, in a TTL. */
const looksPerTtl = 60;
/** Renewals may cross a rollback's raise; more often than this something else is wrong. */
const raiseTries = 50;

/** Who may change which environment. It trusts no clock of another machine. */
export class Leases {
  readonly ttlMs: number;
  readonly #here: ProcessMark;

  constructor(
    private readonly store: LeaseStore,
    readonly clock: Clock,
    options: LeaseOptions = {},
  ) {
    this.ttlMs = options.ttlMs ?? leaseTtlMs;
    this.#here = options.here ?? ownMark();
  }

  /** The record as it stands. STORE_FAILED. */
  read(environment: string): Promise<LeaseRecord> {
    return this.store.read(environment);
  }

  /** What the record says of its holder at this moment; `silent` is not yet dead. */
  lifeOf(record: LeaseRecord): LeaseLife {
    return lifeOf(record, { now: this.clock.now(), here: this.#here });
  }

  /** The holder whose time is not over and whose process is not known to be gone; does not watch. */
  async holder(environment: string): Promise<LeaseHolder | null> {
    const record = await this.read(environment);
    return this.lifeOf(record) === 'alive' ? record.holder : null;
  }

  /**
   * Takes the lease. LEASE_HELD, naming the holder, when a living release has it; one that seems dead
   * is watched first, up to half a TTL, or a whole one (`watch`).
   */
  async acquire(
    environment: string,
    release: string,
    actor: string,
    options: AcquireOptions = {},
  ): Promise<Lease> {
    for (;;) {
      const from = await this.read(environment);
      const life = this.lifeOf(from);
      if (life === 'alive' && options.watch !== 'all') throw this.heldBy(from);
      const patience = life === 'alive' ? this.ttlMs : life === 'silent' ? this.ttlMs / 2 : 0;
      const limit = Math.min(patience, options.withinMs ?? patience);
      const moved = await this.#watch(from, limit, options.signal);
      if (moved !== null) {
        if (moved.fence === from.fence && moved.holder !== null) throw this.heldBy(moved);
        continue;
      }
      if (limit < patience) throw this.heldBy(from);
      const lease = await this.#take(
        from,
        { release, actor },
        life === 'gone' ? 'dead' : 'expired',
      );
      if (lease !== null) return lease;
    }
  }

  /** LEASE_HELD that names the holder. */
  heldBy(record: LeaseRecord): AuroraError {
    const who = holderText(record, { now: this.clock.now(), ttlMs: this.ttlMs });
    return new AuroraError('LEASE_HELD', `${record.environment} is held by ${who}`);
  }

  /** Takes the lease from whoever has it, without a look: a rollback never waits. */
  async raise(
    environment: string,
    release: string,
    actor: string,
    why: 'takeover' | 'rollback' = 'rollback',
  ): Promise<Lease> {
    for (let tries = 0; tries < raiseTries; tries += 1) {
      const lease = await this.#take(await this.read(environment), { release, actor }, why);
      if (lease !== null) return lease;
    }
    throw new AuroraError('STORE_FAILED', `the fence of ${environment} does not stand still`, {
      where: this.store.where(environment),
    });
  }

  /** The record as soon as it is another than this one; null when it stood still for so long. */
  async #watch(
    record: LeaseRecord,
    patienceMs: number,
    signal: AbortSignal | undefined,
  ): Promise<LeaseRecord | null> {
    const look = this.ttlMs / looksPerTtl;
    // Counted in waits that were really waited: no clock that somebody sets shortens them.
    for (let waited = 0; waited < patienceMs; waited += look) {
      await this.clock.sleep(look, signal);
      const now = await this.read(record.environment);
      if (!sameLease(now, record)) return now;
    }
    return null;
  }

  async #take(
    from: LeaseRecord,
    who: { readonly release: string; readonly actor: string },
    why: TakenFrom['why'],
  ): Promise<Lease | null> {
    const now = this.clock.now();
    const { host, pid } = this.#here;
    const to: LeaseRecord = {
      environment: from.environment,
      fence: from.fence + 1,
      renewal: 0,
      holder: {
        ...who,
        host,
        pid,
        // One of a kind: that is how a holder knows its own record when an answer was lost.
        process: `${markText(this.#here)} ${randomBytes(6).toString('hex')}`,
        since: isoTime(now),
        expires: isoTime(now + this.ttlMs),
      },
    };
    if (!(await this.store.replace(from, to))) return null;
    const { store, clock, ttlMs } = this;
    return new HeldLease(to, { store, clock, ttlMs }, takenFrom(from, why));
  }
}

function takenFrom({ holder }: LeaseRecord, why: TakenFrom['why']): TakenFrom | null {
  if (holder === null) return null;
  const { release, actor, host, since } = holder;
  return { release, actor, host, since, why };
}
