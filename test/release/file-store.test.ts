import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { InboxNote } from '../../src/release/inbox.ts';

let directory = '';
let store: FileStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-store-'));
  store = new FileStore(directory, systemClock);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const path = (release: string) => join(directory, 'releases', release, 'journal.jsonl');

describe('file store', () => {
  it('goes on with the chain after it was closed and opened', async () => {
    const first = await store.create('r1', 'Alex');
    await first.append('release.resumed', { from: 1 });
    await first.close();
    const second = await store.open('r1', 'Alex');
    await second.append('release.resumed', { from: 2 });
    await second.close();
    expect((await store.read('r1')).map((entry) => entry.seq)).toEqual([1, 2]);
  });

  it('cuts off a torn last line before it appends', async () => {
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    await writer.close();
    await appendFile(path('r1'), '{"v":1,"at":"20');
    const again = await store.open('r1', 'Alex');
    await again.append('release.resumed', { from: 2 });
    await again.close();
    expect(await store.read('r1')).toHaveLength(2);
  });

  it('keeps concurrent appends in one unbroken chain', async () => {
    const writer = await store.create('r1', 'Alex');
    await Promise.all(
      Array.from({ length: 50 }, (_, from) => writer.append('release.resumed', { from })),
    );
    await writer.close();
    expect(await store.read('r1')).toHaveLength(50);
  });

  it('is readable by its owner only', async () => {
    const writer = await store.create('r1', 'Alex');
    await writer.close();
    expect((await stat(path('r1'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'releases', 'r1'))).mode & 0o777).toBe(0o700);
  });

  it('never writes a known secret', async () => {
    const secret = new Secret('hunter2-hunter2', 'test');
    const writer = await store.create('r1', 'Alex');
    await writer.append('effect.failed', {
      step: 1,
      key: 'x',
      title: 'x',
      error: { code: 'X', message: `refused for ${secret.reveal()} at mongodb://u:p4ssw0rd@h/` },
    });
    await writer.close();
    const text = await readFile(path('r1'), 'utf8');
    expect(text).not.toContain(secret.reveal());
    expect(text).not.toContain('p4ssw0rd');
  });

  it('refuses to begin a release twice and leaves the first untouched', async () => {
    await (await store.create('r1', 'Alex')).close();
    await expect(store.create('r1', 'Alex')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('names a release that is not there', async () => {
    await expect(store.read('r9')).rejects.toMatchObject({ code: 'RELEASE_UNKNOWN' });
  });

  it('refuses an edited journal and does not touch it', async () => {
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    await writer.close();
    const edited = (await readFile(path('r1'), 'utf8'))
      .replace('"from":1', '"from":7')
      .replace('Alex', 'Eve');
    await writeFile(path('r1'), `${edited}${edited}`);
    await expect(store.open('r1', 'Alex')).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
    expect(await readFile(path('r1'), 'utf8')).toBe(`${edited}${edited}`);
  });

  it('keeps notes for a release in their order, and passes over files that are none', async () => {
    await (await store.create('r1', 'Alex')).close();
    const wish: InboxNote = {
      ...{ v: 2, note: 'wish', release: 'r1', wish: 'pause', by: 'Alex', reason: 'lunch', at: '' },
    };
    const word: InboxNote = {
      ...{ v: 2, note: 'word', release: 'r1', step: 5, statement: '{}', signature: null, at: '' },
    };
    await store.offer(word);
    const offered = Date.now();
    await writeFile(join(directory, 'releases/r1/inbox/000-junk.json'), '{"v":2,"note":"word"');
    await writeFile(join(directory, 'releases/r1/inbox/001-null.json'), 'null');
    await writeFile(join(directory, 'releases/r1/inbox/.002-half.json.tmp'), '{}');
    await vi.waitUntil(() => Date.now() > offered);
    await store.offer(wish);
    expect(await store.inbox('r1')).toEqual([word, wish]);
    expect(await store.inbox('r2')).toEqual([]);
  });
});
