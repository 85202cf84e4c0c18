import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AuroraError, hasErrno } from '../base/errors.ts';
import { privateDirectory, privateFile, syncDirectory, writeFileAtomic } from '../base/files.ts';
import { storeFailed } from './chain-writer.ts';
import type { LeaseRecord } from './lease.ts';
import { type LeaseStore, noLease, sameLease } from './lease-store.ts';
import { type LeaseOptions, Leases } from './leases.ts';

/** `production.12.json`: a file for each number, of which the highest counts. */
const namePattern = /^([a-z-]+)\.(\d+)\.json$/;

/**
 * Leases as files: `<state>/leases/<environment>.<fence>.json`. Each number is a file of its own,
 * made by linking, which one of many can do and the others cannot. So there is no lock that a
 * stopped process could hold: raising the fence waits for nobody, and a holder that was overtaken
 * can write to its old number only, where it counts no more.
 */
export class FileLeaseStore implements LeaseStore {
  readonly #directory: string;
  /** A listing that is about to begin: looks at several leases at once share it. */
  #listing: Promise<readonly string[]> | null = null;

  constructor(stateDirectory: string) {
    this.#directory = join(stateDirectory, 'leases');
  }

  where(environment: string): string {
    return join(this.#directory, `${environment}.*.json`);
  }

  async read(environment: string): Promise<LeaseRecord> {
    for (;;) {
      const [highest] = await this.#fences(environment);
      if (highest === undefined) return noLease(environment);
      const record = await this.#record(environment, highest);
      // Only numbers below the highest are ever removed: there is a higher one by now.
      if (record !== null) return record;
    }
  }

  /** Only its holder writes under a number, so its file need not be read. */
  async holds(environment: string, fence: number): Promise<boolean> {
    const [highest] = await this.#fences(environment);
    return highest === fence;
  }

  async replace(from: LeaseRecord, to: LeaseRecord): Promise<boolean> {
    const path = this.#path(to.environment, to.fence);
    try {
      if (!sameLease(await this.read(to.environment), from)) return false;
      const text = `${JSON.stringify(to)}\n`;
      if (to.fence !== from.fence) return await this.#claim(path, to, text);
      // Only its holder writes under a number: nobody can come between.
      await writeFileAtomic(path, text);
      return true;
    } catch (error) {
      throw storeFailed('writing the lease', path, error);
    }
  }

  #path(environment: string, fence: number): string {
    return join(this.#directory, `${environment}.${fence}.json`);
  }

  /** What lies in the directory at a moment after this call. */
  #list(): Promise<readonly string[]> {
    this.#listing ??= Promise.resolve().then(() => {
      // It begins now: whoever asks from here on may have seen something newer than it shows.
      this.#listing = null;
      return readdir(this.#directory);
    });
    return this.#listing;
  }

  /** The numbers that there are files for, highest first. */
  async #fences(environment: string): Promise<number[]> {
    try {
      const found = (await this.#list()).map((name) => namePattern.exec(name));
      const own = found.filter((match) => match?.[1] === environment);
      return own.map((match) => Number(match?.[2])).sort((a, b) => b - a);
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return [];
      throw storeFailed('reading the leases', this.#directory, error);
    }
  }

  /** Null when the file is gone. */
  async #record(environment: string, fence: number): Promise<LeaseRecord | null> {
    const path = this.#path(environment, fence);
    try {
      const record = JSON.parse(await readFile(path, 'utf8')) as LeaseRecord;
      if (record.fence === fence && record.environment === environment) return record;
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return null;
      throw storeFailed('reading the lease', path, error);
    }
    throw new AuroraError('STORE_FAILED', 'the lease was edited', { where: path });
  }

  /** Makes the file of a new number, whole from the beginning; false when another was first. */
  async #claim(path: string, { environment, fence }: LeaseRecord, text: string): Promise<boolean> {
    await mkdir(this.#directory, { recursive: true, mode: privateDirectory });
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await writeFile(temporary, text, { mode: privateFile, flag: 'wx', flush: true });
      await link(temporary, path);
    } catch (error) {
      if (hasErrno(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
    await syncDirectory(this.#directory);
    // Whoever slept before it linked may have got a number that was used up and removed meanwhile.
    const fences = await this.#fences(environment);
    const counts = fences[0] === fence;
    const over = fences.filter((number) => (counts ? number < fence : number === fence));
    const paths = over.map((number) => this.#path(environment, number));
    // What cannot be removed does no harm: a higher number counts.
    await Promise.allSettled(paths.map((one) => rm(one, { force: true })));
    return counts;
  }
}

/** The leases of a state directory. */
export function openFileLeases(
  stateDirectory: string,
  clock: Clock,
  options: LeaseOptions = {},
): Leases {
  return new Leases(new FileLeaseStore(stateDirectory), clock, options);
}
