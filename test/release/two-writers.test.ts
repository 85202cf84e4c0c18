import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
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
});
