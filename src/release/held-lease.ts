import { type Clock, isoTime } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import type { Lease, LeaseHolder, LeaseRecord, TakenFrom } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';

/** What a held lease is kept by. */
export interface LeaseKeeping {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly ttlMs: number;
}

/** A lease in the hands of this process: renewed in the background until it is given back. */
export class HeldLease implements Lease {
  readonly fence: number;
  readonly lost: AbortSignal;
  readonly #loss = new AbortController();
  #known: LeaseRecord;
  #renewedAt: number;
  /** Changes of the record come one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(
    taken: LeaseRecord,
    private readonly keeping: LeaseKeeping,
    readonly takenFrom: TakenFrom | null,
  ) {
    this.fence = taken.fence;
    this.lost = this.#loss.signal;
    this.#known = taken;
    this.#renewedAt = keeping.clock.now();
    this.#timer = setInterval(() => {
      // A renewal that fails is noticed by the next check; for the others the record runs out.
      this.#queue(() => this.#renew()).catch(() => undefined);
    }, keeping.ttlMs / 3);
    this.#timer.unref();
  }

  async check(): Promise<void> {
    const { environment, holder } = this.#known;
    const holds = holder !== null && (await this.keeping.store.holds(environment, this.fence));
    if (!holds) throw this.#lost(await this.#read());
    if (this.#isFresh()) return;
    // This process did not run for a while, or the clock was set: first a sign of life.
    await this.#queue(() => this.#renew());
    if (!this.#isFresh()) throw this.#lost(await this.#read());
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#queue(() => this.#change(() => null));
  }

  #isFresh(): boolean {
    const age = this.keeping.clock.now() - this.#renewedAt;
    return age >= 0 && age < this.keeping.ttlMs;
  }

  async #renew(): Promise<void> {
    const { clock, ttlMs } = this.keeping;
    const at = clock.now();
    const renewed = await this.#change((holder) => ({ ...holder, expires: isoTime(at + ttlMs) }));
    if (renewed) this.#renewedAt = at;
    else this.#lost(this.#known);
  }

  /** Changes the holder while the number is ours; false when it is another's. */
  async #change(next: (holder: LeaseHolder) => LeaseHolder | null): Promise<boolean> {
    for (;;) {
      const from = this.#known;
      if (from.fence !== this.fence || from.holder === null) return false;
      const to = { ...from, renewal: from.renewal + 1, holder: next(from.holder) };
      if (await this.keeping.store.replace(from, to)) {
        this.#known = to;
        return true;
      }
      // Either lost, or an answer of an earlier change was.
      await this.#read();
    }
  }

  async #read(): Promise<LeaseRecord> {
    const { environment } = this.#known;
    const record = await this.keeping.store.read(environment);
    // A read may be overtaken by our own renewal.
    if (record.fence !== this.fence || record.renewal >= this.#known.renewal) this.#known = record;
    return record;
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const working = this.#last.then(work);
    this.#last = working.catch(() => undefined);
    return working;
  }

  #lost({ environment, fence, holder }: LeaseRecord): AuroraError {
    const who = holder === null ? 'somebody' : `${holder.actor} (${holder.release})`;
    const error = new AuroraError(
      'LEASE_LOST',
      `${who} took over ${environment}: the fence is ${fence}, ours was ${this.fence}`,
      { where: this.keeping.store.where(environment) },
    );
    this.#loss.abort(error);
    return error;
  }
}
