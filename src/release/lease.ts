import { mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Clock, isoTime } from '../base/clock.ts';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import { privateDirectory, writeFileAtomic } from '../base/files.ts';
import { withLockFile } from '../base/lock-file.ts';
import { isAlive } from '../base/process.ts';

/** The lease of an environment as its file holds it. */
export interface LeaseRecord {
  readonly environment: string;
  /** Grows with every holder; an act with a smaller number is refused. */
  readonly fence: number;
  /** Null when nobody holds it: the number stays. */
  readonly holder: {
    readonly release: string;
    readonly actor: string;
    readonly host: string;
    readonly pid: number;
    readonly since: string;
    readonly expires: string;
  } | null;
}

/** The right to change an environment, held by this process. */
export interface Lease {
  readonly fence: number;
  /** Throws LEASE_LOST when somebody raised the fence. Called before each act and each append. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A holder that has not renewed for this long is taken to be dead. */
export const leaseTtlMs = 30_000;

/** Leases as files: `<state>/leases/<environment>.json`. */
export class FileLeases {
  readonly #directory: string;

  constructor(
    stateDirectory: string,
    private readonly clock: Clock,
  ) {
    this.#directory = join(stateDirectory, 'leases');
  }

  #path(environment: string): string {
    return join(this.#directory, `${environment}.json`);
  }

  /** The record as it stands; fence 0 when there never was a holder. */
  async read(environment: string): Promise<LeaseRecord> {
    try {
      return JSON.parse(await readFile(this.#path(environment), 'utf8')) as LeaseRecord;
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) {
        return { environment, fence: 0, holder: null };
      }
      throw new AuroraError('STORE_FAILED', `the lease cannot be read: ${messageOf(error)}`, {
        where: this.#path(environment),
        cause: error,
      });
    }
  }

  /** The holder, if there is one that still lives. */
  async holder(environment: string): Promise<LeaseRecord['holder']> {
    const { holder } = await this.read(environment);
    if (holder === null || Date.parse(holder.expires) <= this.clock.now()) return null;
    // On this machine a dead process need not be waited for.
    if (holder.host === hostname() && !isAlive(holder.pid)) return null;
    return holder;
  }

  /** Takes the lease; LEASE_HELD, naming the holder, when a living release has it. */
  async acquire(environment: string, release: string, actor: string): Promise<Lease> {
    const record = await this.#locked(environment, async () => {
      const holder = await this.holder(environment);
      if (holder !== null) throw heldBy(environment, holder);
      return this.#take(environment, release, actor);
    });
    return this.#hold(environment, record);
  }

  /** Takes the lease from whoever has it: a rollback never waits. */
  async raise(environment: string, release: string, actor: string): Promise<Lease> {
    const record = await this.#locked(environment, () => this.#take(environment, release, actor));
    return this.#hold(environment, record);
  }

  async #take(environment: string, release: string, actor: string): Promise<LeaseRecord> {
    const now = this.clock.now();
    const { fence } = await this.read(environment);
    const record: LeaseRecord = {
      environment,
      fence: fence + 1,
      holder: {
        release,
        actor,
        host: hostname(),
        pid: process.pid,
        since: isoTime(now),
        expires: isoTime(now + leaseTtlMs),
      },
    };
    await this.#write(record);
    return record;
  }

  #write(record: LeaseRecord): Promise<void> {
    return writeFileAtomic(this.#path(record.environment), `${JSON.stringify(record)}\n`);
  }

  #hold(environment: string, taken: LeaseRecord): Lease {
    const mine = (record: LeaseRecord) => record.fence === taken.fence;
    const check = async () => {
      const now = await this.read(environment);
      if (mine(now)) return;
      const who = now.holder === null ? 'somebody' : `${now.holder.actor} (${now.holder.release})`;
      throw new AuroraError('LEASE_LOST', `${who} took over ${environment}`, {
        where: this.#path(environment),
      });
    };
    const change = (next: (record: LeaseRecord) => LeaseRecord) =>
      this.#locked(environment, async () => {
        const now = await this.read(environment);
        if (mine(now)) await this.#write(next(now));
      });
    const renew = setInterval(() => {
      const expires = isoTime(this.clock.now() + leaseTtlMs);
      // A renewal that fails is noticed by the next check: the record then expires for the others.
      change((record) =>
        record.holder === null ? record : { ...record, holder: { ...record.holder, expires } },
      ).catch(() => undefined);
    }, leaseTtlMs / 3);
    renew.unref();
    const release = async () => {
      clearInterval(renew);
      await change((record) => ({ ...record, holder: null }));
    };
    return { fence: taken.fence, check, release };
  }

  /** Serialises read-change-write between processes. */
  async #locked<T>(environment: string, work: () => Promise<T>): Promise<T> {
    await mkdir(this.#directory, { recursive: true, mode: privateDirectory }).catch((cause) => {
      throw new AuroraError('STORE_FAILED', messageOf(cause), { where: this.#directory, cause });
    });
    return withLockFile(`${this.#path(environment)}.lock`, this.clock, work);
  }
}

function heldBy(environment: string, holder: NonNullable<LeaseRecord['holder']>): AuroraError {
  const since = `since ${holder.since} on ${holder.host} (process ${holder.pid})`;
  return new AuroraError(
    'LEASE_HELD',
    `${environment} is held by release ${holder.release} of ${holder.actor} ${since}`,
  );
}
