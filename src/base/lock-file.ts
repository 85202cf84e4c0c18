import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from './clock.ts';
import { AuroraError, hasErrno, messageOf } from './errors.ts';
import { privateFile } from './files.ts';
import { isAlive } from './process.ts';

/** A lock is held for milliseconds: one that is seconds old belongs to a process that hangs. */
const staleMs = 5_000;
const patienceMs = 2 * staleMs;
const lookEveryMs = 5;

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', privateFile);
    await file.writeFile(`${process.pid} ${hostname()}`);
    await file.close();
    return true;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false;
    throw new AuroraError('STORE_FAILED', messageOf(error), { where: path, cause: error });
  }
}

async function isStale(path: string, now: number): Promise<boolean> {
  try {
    const [pid = '', host = ''] = (await readFile(path, 'utf8')).split(' ');
    // Between its creation and its first byte a lock names nobody: then only its age counts.
    if (host === hostname() && /^\d+$/.test(pid) && !isAlive(Number(pid))) return true;
    return now - (await stat(path)).mtimeMs > staleMs;
  } catch {
    // It went away by itself.
    return false;
  }
}

/**
 * Does a piece of work that no other process does at the same time, by a lock file beside what is
 * changed. A lock that a dead process left is taken away. STORE_FAILED when it cannot be had.
 */
export async function withLockFile<T>(
  path: string,
  clock: Clock,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = clock.now() + patienceMs;
  while (!(await tryLock(path))) {
    if (clock.now() > deadline) {
      throw new AuroraError('STORE_FAILED', 'a lock file does not go away', { where: path });
    }
    if (await isStale(path, clock.now())) await rm(path, { force: true });
    else await clock.sleep(lookEveryMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
