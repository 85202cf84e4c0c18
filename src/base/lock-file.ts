import { createHash, randomBytes } from 'node:crypto';
import { readlink, rm, symlink } from 'node:fs/promises';
import type { Clock } from './clock.ts';
import { AuroraError, hasErrno, messageOf } from './errors.ts';
import { fateOf, markText, ownMark, parseMark } from './process-mark.ts';

/** A lock is held for milliseconds: one that is seconds old belongs to a process that hangs. */
const patienceMs = 5_000;
const lookEveryMs = 5;

/** How a lock is held. */
export interface LockOptions {
  /**
   * Whether another process may take the lock away while this one is stopped (SIGSTOP): only where
   * whatever it still does on waking up goes nowhere.
   */
  readonly overtakable?: boolean;
}

const overtakable = 'overtakable';

/**
 * A lock is a symbolic link to nowhere: it comes into being together with its text, so that no
 * process that dies in between leaves one that names nobody. The random word makes it one of a kind.
 */
function tokenOf(options: LockOptions): string {
  const kind = options.overtakable === true ? overtakable : 'strict';
  return `${markText(ownMark())} ${kind} ${randomBytes(8).toString('hex')}`;
}

async function tryLock(path: string, token: string): Promise<boolean> {
  try {
    await symlink(token, path);
    return true;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false;
    throw new AuroraError('STORE_FAILED', messageOf(error), { where: path, cause: error });
  }
}

/** The token of the lock that is there; null when there is none, or none of ours. */
async function heldToken(path: string): Promise<string | null> {
  return readlink(path).catch(() => null);
}

/** Takes a lock away if it is still this very one. */
async function removeToken(path: string, token: string): Promise<void> {
  if ((await heldToken(path)) === token) await rm(path, { force: true });
}

/**
 * Takes away the lock of a process that does not hold it any more. Several may want to at once, and
 * the slowest must not remove what the fastest has put there: each lock is one of a kind, and the
 * right to remove it is a lock of its own.
 */
export async function takeAway(path: string, token: string, clock: Clock): Promise<void> {
  const name = createHash('sha256').update(token).digest('hex').slice(0, 12);
  await withLockFile(`${path}.${name}`, clock, () => removeToken(path, token));
}

function refused(path: string, token: string | null): AuroraError {
  const owner = token === null ? undefined : parseMark(token);
  if (owner === undefined) {
    return new AuroraError('STORE_FAILED', 'a lock file does not go away', { where: path });
  }
  const { host, pid } = owner;
  const who = `process ${pid} on ${host}`;
  if (fateOf(owner) !== 'stopped') {
    return new AuroraError('STORE_FAILED', `a lock is held by ${who} and does not go away`, {
      where: path,
      remedy: `End that process; remove the file only when it runs no more.`,
    });
  }
  return new AuroraError('STORE_FAILED', `a lock is held by ${who}, which is stopped`, {
    where: path,
    remedy: `Continue it (kill -CONT ${pid}) or end it (kill -KILL ${pid}), then try again.`,
  });
}

/** What to do about a lock that another one holds. */
function judge(token: string): 'wait' | 'steal' | 'refuse' {
  const owner = parseMark(token);
  const fate = owner === undefined ? 'elsewhere' : fateOf(owner);
  if (fate === 'gone' || fate === 'rebooted') return 'steal';
  if (fate !== 'stopped') return 'wait';
  return token.split(' ').includes(overtakable) ? 'steal' : 'refuse';
}

/**
 * Does a piece of work that no other process does at the same time, by a lock file beside what is
 * changed. A lock that a dead process left is taken away; one of a living process never is, unless
 * it is stopped and allowed it. STORE_FAILED when the lock cannot be had.
 */
export async function withLockFile<T>(
  path: string,
  clock: Clock,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const token = tokenOf(options);
  const deadline = clock.now() + patienceMs;
  let seen: string | null = null;
  while (!(await tryLock(path, token))) {
    const held = await heldToken(path);
    // Most locks are gone at the second look: only then is it worth asking who has it.
    const verdict = held !== null && held === seen ? judge(held) : 'wait';
    seen = held;
    if (verdict === 'steal' && held !== null) {
      await takeAway(path, held, clock);
      continue;
    }
    if (verdict === 'refuse' || clock.now() > deadline) throw refused(path, held);
    await clock.sleep(lookEveryMs * (1 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await removeToken(path, token);
  }
}
