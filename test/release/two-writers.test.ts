import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { writeFileAtomic } from '../../src/base/files.ts';
import { withLockFile } from '../../src/base/lock-file.ts';
import { markText, ownMark } from '../../src/base/process-mark.ts';
import { FileStore } from '../../src/release/file-store.ts';

let directory = '';
let store: FileStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-writers-'));
  store = new FileStore(directory, systemClock);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('two writers of one journal', () => {
  it('stops the one that was overtaken and lets the rollback go on after its last word', async () => {
    const release = await store.create('r1', 'Alex');
    await release.append('release.resumed', { from: 1 });
    const rollback = await store.open('r1', 'On-call', { overtakes: true });
    await release.append('release.resumed', { from: 2 });
    await rollback.append('rollback.started', { reason: 'errors', only: null });
    await expect(release.append('release.resumed', { from: 3 })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await rollback.append('release.resumed', { from: 4 });
    expect(rollback.entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
    expect((await store.read('r1')).map((entry) => entry.type)).toEqual([
      'release.resumed',
      'release.resumed',
      'rollback.started',
      'release.resumed',
    ]);
    await release.close();
    await rollback.close();
  });

  it('never tears the chain, however they meet', async () => {
    await (await store.create('r1', 'Alex')).close();
    const writers = await Promise.all(
      ['a', 'b', 'c'].map((actor) => store.open('r1', actor, { overtakes: true })),
    );
    await Promise.all(
      writers.flatMap((writer) =>
        Array.from({ length: 10 }, (_, from) => writer.append('release.resumed', { from })),
      ),
    );
    expect(await store.read('r1')).toHaveLength(30);
    await Promise.all(writers.map((writer) => writer.close()));
  });

  it('does not wait for the lock of a process that is dead', async () => {
    const writer = await store.create('r1', 'Alex');
    const lock = join(directory, 'releases/r1/journal.jsonl.lock');
    await symlink(`${markText({ ...ownMark(), pid: 2 ** 22 - 1 })} strict 1`, lock);
    await writer.append('release.resumed', { from: 1 });
    expect(await store.read('r1')).toHaveLength(1);
    await writer.close();
  });

  it('lose nothing that the overtaken one was told is written, at whatever moment it happens', async () => {
    let lastWords = 0;
    for (let round = 0; round < 40; round += 1) {
      const id = `r${round}`;
      const release = await store.create(id, 'Alex');
      const writing = (async () => {
        for (let from = 1; ; from += 1) await release.append('release.resumed', { from });
      })();
      const stopped = writing.catch((error: unknown) => error);
      await vi.waitUntil(() => release.entries.length > round % 4, { interval: 0 });
      const rollback = await store.open(id, 'On-call', { overtakes: true });
      await rollback.append('rollback.started', { reason: 'errors', only: null });
      expect(await stopped).toMatchObject({ code: 'LEASE_LOST' });
      const kept = await store.read(id);
      expect(kept.slice(0, release.entries.length)).toEqual(release.entries);
      expect(kept.at(-1)?.type).toBe('rollback.started');
      // At most the line that it was in doubt about.
      expect(kept.length - 1 - release.entries.length).toBeLessThanOrEqual(1);
      lastWords += kept.length - 1 - release.entries.length;
      await Promise.all([release.close(), rollback.close()]);
    }
    // Some were overtaken in the middle of a write: else this would prove less than it says.
    expect(lastWords).toBeGreaterThan(0);
  });
});

describe('a writer that meets somebody who makes a new file', () => {
  const journal = () => join(directory, 'releases/r1/journal.jsonl');

  /** Writes a line while the lock is held, and does something in between. */
  async function writeUnderLock(meanwhile: () => Promise<void>) {
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    let settled = false;
    const late = await withLockFile(`${journal()}.lock`, systemClock, async () => {
      const before = await readFile(journal(), 'utf8');
      const appended = writer.append('release.resumed', { from: 2 }).then(
        () => 'written',
        (error: unknown) => error,
      );
      appended.then(() => {
        settled = true;
      });
      await vi.waitUntil(async () => (await readFile(journal(), 'utf8')) !== before);
      await meanwhile();
      expect(settled).toBe(false);
      return { appended };
    });
    const end = await late.appended;
    await writer.close();
    return end;
  }

  it('waits until that one is done, and stops when it was left out', async () => {
    const first = async () => `${(await readFile(journal(), 'utf8')).split('\n')[0]}\n`;
    const end = await writeUnderLock(async () => writeFileAtomic(journal(), await first()));
    expect(end).toMatchObject({ code: 'LEASE_LOST' });
    expect(await store.read('r1')).toHaveLength(1);
  });

  it('goes on when that one has left everything as it was', async () => {
    expect(await writeUnderLock(async () => undefined)).toBe('written');
    expect(await store.read('r1')).toHaveLength(2);
    expect(await readdir(join(directory, 'releases/r1'))).toEqual(['journal.jsonl']);
  });
});
