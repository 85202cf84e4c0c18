import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { takeAway, withLockFile } from '../../src/base/lock-file.ts';
import { lookAtProcess } from '../../src/base/process.ts';
import { markText, ownMark, type ProcessMark } from '../../src/base/process-mark.ts';

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-lock-'));
  path = join(directory, 'journal.lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const gone = { pid: 2 ** 22 - 1 };

/** A lock that another process has made; `kind` says whether it may be taken from a stopped one. */
function lockedBy(other: Partial<ProcessMark>, kind = 'strict', word = 'x'): Promise<void> {
  return symlink(`${markText({ ...ownMark(), ...other })} ${kind} ${word}`, path);
}

/** What the right to take this lock away is called. */
function nameOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}

/** A process of its own, with what it is marked by. */
function living(): Partial<ProcessMark> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  children.push(child);
  const pid = child.pid ?? 0;
  return { pid, started: lookAtProcess(pid)?.started ?? null };
}

async function stopped(): Promise<Partial<ProcessMark>> {
  const mark = living();
  children.at(-1)?.kill('SIGSTOP');
  await vi.waitUntil(() => lookAtProcess(mark.pid ?? 0)?.state === 'T');
  return mark;
}

/** A clock on which waiting takes no time. */
function impatient(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      await setImmediate();
    },
  };
}

describe('a lock file', () => {
  it('lets one at a time work, and is gone afterwards', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await setImmediate();
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 30 }, () => withLockFile(path, systemClock, work)));
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it('is gone also when the work fails', async () => {
    const failing = withLockFile(path, systemClock, () => Promise.reject(new Error('full disk')));
    await expect(failing).rejects.toThrow('full disk');
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken from a dead process by any of many', async () => {
    await lockedBy(gone);
    let inside = 0;
    const work = async () => {
      inside += 1;
      expect(inside).toBe(1);
      await setImmediate();
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLockFile(path, systemClock, work)));
    expect(await readdir(directory)).toEqual([]);
  });

  it('is not taken away by whoever judged an older one, and comes late', async () => {
    await lockedBy(gone, 'strict', 'old');
    const old = await readlink(path);
    await takeAway(path, old, systemClock);
    expect(await readdir(directory)).toEqual([]);
    await lockedBy({}, 'strict', 'fresh');
    await takeAway(path, old, systemClock);
    expect(await readdir(directory)).toEqual(['journal.lock']);
  });

  it('is taken away by one at a time', async () => {
    await lockedBy(gone);
    const beside = `${path}.${nameOf(await readlink(path))}`;
    await symlink(`${markText({ ...ownMark(), ...living() })} strict y`, beside);
    await expect(takeAway(path, await readlink(path), impatient())).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    expect(await readdir(directory)).toContain('journal.lock');
  });

  it('is taken even when whoever wanted to take it first has died at it', async () => {
    await lockedBy(gone);
    const name = createHash('sha256')
      .update(await readlink(path))
      .digest('hex')
      .slice(0, 12);
    await symlink(`${markText({ ...ownMark(), ...gone })} strict y`, `${path}.${name}`);
    await withLockFile(path, systemClock, async () => undefined);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each<[string, Partial<ProcessMark>]>([
    ['whose id another process has got', { started: '1' }],
    ['of before the machine was started anew', { boot: 'earlier' }],
  ])('is taken from a process %s', async (_, mark) => {
    await lockedBy(mark);
    expect(await withLockFile(path, systemClock, async () => 'done')).toBe('done');
  });

  it.each<[string, () => Partial<ProcessMark>, string]>([
    ['lives', living, 'does not go away'],
    ['is on another machine', () => ({ ...gone, host: 'other' }), 'on other and does not go away'],
    ['counts in another space', () => ({ ...gone, space: 'pid:[1]' }), 'does not go away'],
  ])('is never taken from a process that %s', async (_, mark, message) => {
    await lockedBy(mark());
    const before = await readlink(path);
    const waiting = withLockFile(path, impatient(), async () => 'done');
    await expect(waiting).rejects.toMatchObject({
      code: 'STORE_FAILED',
      where: path,
      message: expect.stringContaining(message),
    });
    expect(await readlink(path)).toBe(before);
  });

  it('is no lock of ours when it is a file, and stays', async () => {
    await writeFile(path, 'somebody else’s');
    await expect(withLockFile(path, impatient(), async () => 'done')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: 'a lock file does not go away',
    });
    expect(await readdir(directory)).toEqual(['journal.lock']);
  });

  describe.skipIf(process.platform !== 'linux')('of a process that is stopped', () => {
    it('is taken at once where it may be', async () => {
      await lockedBy(await stopped(), 'overtakable');
      const begin = performance.now();
      expect(await withLockFile(path, systemClock, async () => 'done')).toBe('done');
      expect(performance.now() - begin).toBeLessThan(1_000);
    });

    it('is refused at once where it may not, with what to do about it', async () => {
      const mark = await stopped();
      await lockedBy(mark);
      const waiting = withLockFile(path, systemClock, async () => 'done');
      await expect(waiting).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining(`process ${mark.pid} on`),
        remedy: expect.stringContaining(`kill -CONT ${mark.pid}`),
      });
    });

    it('is not taken away again by that process when it wakes up', async () => {
      let wakeUp = () => undefined as unknown;
      const asleep = new Promise<void>((resolve) => {
        wakeUp = () => resolve();
      });
      const slow = withLockFile(path, systemClock, () => asleep, { overtakable: true });
      await vi.waitUntil(async () => (await readdir(directory)).length > 0);
      // As a thief does: the lock that is there now is not the sleeper's.
      await rm(path);
      await lockedBy({});
      const theirs = await readlink(path);
      wakeUp();
      await slow;
      expect(await readlink(path)).toBe(theirs);
    });
  });
});
