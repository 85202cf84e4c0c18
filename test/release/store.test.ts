import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import type { InboxNote } from '../../src/release/inbox.ts';
import { encodeEntry } from '../../src/release/journal.ts';
import type { JournalWriter, ReleaseStore } from '../../src/release/store.ts';
import { endMongodb, type OpenedStore, stores } from './store-kinds.ts';

afterAll(endMongodb);

describe.each(stores)('a store of releases in $name', ({ open }) => {
  let opened: OpenedStore;
  let store: ReleaseStore;
  const writers: JournalWriter[] = [];

  beforeEach(async () => {
    opened = await open(systemClock);
    store = opened.store;
  });
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.close();
    await opened.end();
  });

  async function create(release: string, by = store): Promise<JournalWriter> {
    const writer = await by.create(release, 'Alex');
    writers.push(writer);
    return writer;
  }

  async function openAgain(release: string, overtakes = false): Promise<JournalWriter> {
    const writer = await opened.another(systemClock).store.open(release, 'Kim', { overtakes });
    writers.push(writer);
    return writer;
  }

  /** A release with so many entries, closed. */
  async function written(release: string, count: number): Promise<void> {
    const writer = await create(release);
    for (let from = 1; from <= count; from += 1) await writer.append('release.resumed', { from });
    await writer.close();
  }

  const seqs = async (release: string) => (await store.read(release)).map(({ seq }) => seq);

  it('goes on with the chain after it was closed and opened', async () => {
    await written('r1', 2);
    const again = await openAgain('r1');
    expect(again.entries).toHaveLength(2);
    await again.append('release.resumed', { from: 3 });
    await again.append('release.resumed', { from: 4 });
    expect(again.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(await store.read('r1')).toEqual(again.entries);
    expect((await store.read('r1')).map(({ actor }) => actor)).toEqual([
      'Alex',
      'Alex',
      'Kim',
      'Kim',
    ]);
  });

  it('keeps what a step, or a person, wrote with a time and a name of its own', async () => {
    const writer = await create('r1');
    const about = { at: '2026-11-22T01:02:03.000Z', actor: 'On-call' };
    await writer.append('release.resumed', { from: 1 }, about);
    expect(await store.read('r1')).toMatchObject([about]);
  });

  it('keeps concurrent appends and notes in one unbroken chain', async () => {
    const writer = await create('r1');
    await Promise.all(
      Array.from({ length: 30 }, (_, from) =>
        from % 3 === 0
          ? writer.note('watch.progress', { step: 1, text: String(from) })
          : writer.append('release.resumed', { from }),
      ),
    );
    expect(await seqs('r1')).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('begins a release once, however many want to at the same moment', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => create('r1', opened.another(systemClock).store)),
    );
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'STORE_FAILED' });
    }
    await won[0]?.append('release.resumed', { from: 1 });
    await expect(create('r1')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await seqs('r1')).toEqual([1]);
  });

  it('lists releases by their names, newest last, also those with nothing in them yet', async () => {
    for (const id of ['20261122-100001-b', '20261121-235959-z', '20261122-100000-a']) {
      await create(id);
    }
    await store.writeDocument('20261120-000000-x', 'incident-note.md', 'no journal');
    expect(await store.list()).toEqual([
      '20261121-235959-z',
      '20261122-100000-a',
      '20261122-100001-b',
    ]);
    expect(await store.exists('20261122-100000-a')).toBe(true);
    expect(await store.exists('20261120-000000-x')).toBe(false);
    expect(await store.read('20261122-100000-a')).toEqual([]);
  });

  it('is empty at first and names a release that is not there', async () => {
    expect(await store.list()).toEqual([]);
    await expect(store.read('r9')).rejects.toMatchObject({ code: 'RELEASE_UNKNOWN', exitCode: 2 });
    await expect(store.open('r9', 'Alex')).rejects.toMatchObject({ code: 'RELEASE_UNKNOWN' });
  });

  it('keeps the entries of releases apart whose names begin alike', async () => {
    await written('r', 1);
    await written('r1', 2);
    await written('r10', 3);
    expect([await seqs('r'), await seqs('r1'), await seqs('r10')]).toEqual([
      [1],
      [1, 2],
      [1, 2, 3],
    ]);
  });

  it('hands out the very lines, with where they are, whether they fit or not', async () => {
    await written('r1', 2);
    const { text, where } = await store.text('r1');
    expect(text).toBe((await store.read('r1')).map((entry) => `${encodeEntry(entry)}\n`).join(''));
    expect(where).toContain('r1');
    await opened.rewrite('r1', 1, '{}');
    expect((await store.text('r1')).text).toMatch(/^\{\}\n\{/);
    await expect(store.text('r9')).rejects.toMatchObject({ code: 'RELEASE_UNKNOWN' });
  });

  it('never keeps a known secret', async () => {
    const secret = new Secret('hunter2-hunter2', 'test');
    const writer = await create('r1');
    await writer.append('effect.failed', {
      step: 1,
      key: 'x',
      title: 'x',
      error: { code: 'X', message: `refused for ${secret.reveal()} at mongodb://u:p4ssw0rd@h/` },
    });
    const text = JSON.stringify(await store.read('r1'));
    expect(text).toContain('refused for [secret]');
    expect(text).not.toContain('p4ssw0rd');
  });

  describe('with two writers', () => {
    it('stops the one that finds an entry of the other', async () => {
      const first = await create('r1');
      await first.append('release.resumed', { from: 1 });
      const second = await openAgain('r1');
      await second.append('release.resumed', { from: 2 });
      for (let tries = 0; tries < 2; tries += 1) {
        await expect(first.append('release.resumed', { from: 3 })).rejects.toMatchObject({
          code: 'LEASE_LOST',
          exitCode: 7,
        });
      }
      await expect(first.note('watch.progress', { step: 1, text: 'late' })).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      await second.append('release.resumed', { from: 4 });
      expect((await store.read('r1')).map(({ actor }) => actor)).toEqual(['Alex', 'Kim', 'Kim']);
    });

    it('stops the one whose journal went on between its opening and its first entry', async () => {
      const first = await create('r1');
      const late = await openAgain('r1');
      await first.append('release.resumed', { from: 1 });
      await expect(late.append('release.resumed', { from: 2 })).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      await first.append('release.resumed', { from: 3 });
      expect(await seqs('r1')).toEqual([1, 2]);
    });

    it('lets a rollback go on after the last word of whom it overtakes', async () => {
      const release = await create('r1');
      await release.append('release.resumed', { from: 1 });
      const rollback = await openAgain('r1', true);
      await release.append('release.resumed', { from: 2 });
      await rollback.append('rollback.started', { reason: 'errors', only: null });
      await expect(release.append('release.resumed', { from: 3 })).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      await rollback.append('release.resumed', { from: 4 });
      expect(rollback.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(await store.read('r1')).toEqual(rollback.entries);
    });

    it('never tears the chain, however many overtake each other', async () => {
      await written('r1', 1);
      const all = await Promise.all(['a', 'b', 'c'].map(() => openAgain('r1', true)));
      await Promise.all(
        all.flatMap((writer) =>
          Array.from({ length: 8 }, (_, from) => writer.append('release.resumed', { from })),
        ),
      );
      expect(await seqs('r1')).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    });
  });

  describe('whose journal was tampered with', () => {
    it.each<[string, (line: string) => Promise<void>, RegExp]>([
      ['an edited entry', (line) => opened.rewrite('r1', 2, line.replace('2}', '7}')), /r1.*:3$/],
      ['an edited first entry', () => opened.rewrite('r1', 1, '{}'), /r1.*:1$/],
      ['an entry that is no JSON', () => opened.rewrite('r1', 2, '{"v":1,'), /r1.*:2$/],
      ['another spelling', (line) => opened.rewrite('r1', 2, line.replace(':', ': ')), /r1.*:2$/],
      ['a missing entry', () => opened.remove('r1', 2), /r1.*:2$/],
      ['a missing first entry', () => opened.remove('r1', 1), /r1.*:1$/],
      [
        'an entry of another release',
        async () => {
          await written('r2', 3);
          const [, , last] = await store.read('r2');
          if (last !== undefined) await opened.rewrite('r1', 3, encodeEntry(last));
        },
        /r1.*:3$/,
      ],
      [
        'entries in another order',
        async (line) => {
          const [, , last] = await store.read('r1');
          if (last !== undefined) await opened.rewrite('r1', 2, encodeEntry(last));
          await opened.rewrite('r1', 3, line);
        },
        /r1.*:2$/,
      ],
    ])('names %s, and refuses to go on with it', async (_, tamper, where) => {
      await written('r1', 3);
      const second = (await store.read('r1'))[1];
      if (second === undefined) throw new Error('nothing was written');
      await tamper(encodeEntry(second));
      for (const read of [() => store.read('r1'), () => store.open('r1', 'Alex')]) {
        await expect(read()).rejects.toMatchObject({
          code: 'JOURNAL_BROKEN',
          where: expect.stringMatching(where),
        });
      }
    });
  });

  describe('with an inbox', () => {
    const wish = (by: string): InboxNote => ({
      v: 2,
      note: 'wish',
      release: 'r1',
      wish: 'pause',
      by,
      reason: 'lunch',
      at: '2026-11-22T08:00:00.000Z',
    });

    it('hands out notes oldest first, to their release only', async () => {
      await create('r1');
      expect(await store.inbox('r1')).toEqual([]);
      let now = 1_000;
      const { store: late } = opened.another({ ...systemClock, now: () => now });
      for (const by of ['a', 'b', 'c']) {
        now += 999_000;
        await late.offer(wish(by));
      }
      await store.offer({ ...wish('d'), release: 'r2' });
      expect(await store.inbox('r1')).toEqual([wish('a'), wish('b'), wish('c')]);
    });

    it('passes over what is no note', async () => {
      await create('r1');
      await opened.litter('r1');
      await store.offer(wish('a'));
      expect(await store.inbox('r1')).toEqual([wish('a')]);
    });
  });

  it('writes documents where people find them, the last one counting', async () => {
    await create('r1');
    await store.writeDocument('r1', 'ticket.md', 'old');
    const path = await store.writeDocument('r1', 'ticket.md', 'new');
    expect(path).toBe(join(opened.directory, 'releases', 'r1', 'ticket.md'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  describe('that is waited on', () => {
    const { signal } = new AbortController();
    const long = 15_000;
    const short = 30;

    /** Whether the wait was over before its time. */
    async function sooner(change: (writer: JournalWriter) => Promise<unknown>): Promise<boolean> {
      await written('r1', 1);
      const other = await openAgain('r1');
      await store.read('r1');
      await store.inbox('r1');
      const begin = performance.now();
      const waiting = store.changed('r1', signal, long);
      await change(other);
      await waiting;
      return performance.now() - begin < long / 2;
    }

    it('tells of an entry', async () => {
      expect(await sooner((writer) => writer.append('release.resumed', { from: 2 }))).toBe(true);
      expect(await seqs('r1')).toEqual([1, 2]);
    });

    it('tells of a note', async () => {
      const note = { v: 2, note: 'wish', release: 'r1', wish: 'abort', by: 'a' } as const;
      expect(await sooner(() => store.offer({ ...note, reason: 'x', at: 'now' }))).toBe(true);
      expect(await store.inbox('r1')).toHaveLength(1);
    });

    it('tells at once of what came between the reading and the waiting', async () => {
      await written('r1', 1);
      await store.read('r1');
      await (await openAgain('r1')).append('release.resumed', { from: 2 });
      const begin = performance.now();
      await store.changed('r1', signal, long);
      expect(performance.now() - begin).toBeLessThan(long / 2);
    });

    it('ends when its time is over, and nothing has changed', async () => {
      await written('r1', 1);
      await store.read('r1');
      await store.changed('r1', signal, short);
      expect(await seqs('r1')).toEqual([1]);
    });

    it('ends when it is not wanted any more', async () => {
      await written('r1', 1);
      const controller = new AbortController();
      const waiting = store.changed('r1', controller.signal, long);
      controller.abort(new Error('Ctrl-C'));
      await expect(waiting).rejects.toThrow('Ctrl-C');
    });
  });
});
