import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { EntryListener } from '../../src/release/release-log.ts';
import { RescueLog } from '../../src/release/rescue-log.ts';
import type { JournalWriter } from '../../src/release/store.ts';

let directory = '';
let log: RescueLog | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-rescue-test-'));
});
afterEach(async () => {
  await log?.close();
  if (log?.rescuedTo) await rm(log.rescuedTo, { force: true });
  log = undefined;
  await rm(directory, { recursive: true, force: true });
});

const wish = { reason: 'errors', only: null } as const;

function open(writer: JournalWriter | null, listener: EntryListener = () => undefined): RescueLog {
  log = new RescueLog('r1', {
    writer,
    listener,
    clock: systemClock,
    actor: 'Alex',
    stateDirectory: directory,
    entries: [],
  });
  return log;
}

async function linesOf({ rescuedTo }: RescueLog): Promise<{ seq: number; type: string }[]> {
  if (rescuedTo === null) return [];
  return (await readFile(rescuedTo, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('the log of a rollback', () => {
  it('writes to the journal while that takes it', async () => {
    const store = new FileStore(directory, systemClock);
    const rescue = open(await store.create('r1', 'Alex'));
    await rescue.append('rollback.started', wish);
    expect(rescue.rescuedTo).toBeNull();
    expect(rescue.state.status).toBe('rolling-back');
    expect(await store.read('r1')).toHaveLength(1);
  });

  it('goes on in a file of the owner’s when there is no journal, and its state goes on too', async () => {
    const rescue = open(null);
    await rescue.append('rollback.started', wish);
    await rescue.append('release.ended', { outcome: 'rollback-only', exit: 0, reason: 'x' });
    expect(rescue.state.outcome).toBe('rollback-only');
    expect((await linesOf(rescue)).map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'rollback.started'],
      [2, 'release.ended'],
    ]);
    expect((await stat(rescue.rescuedTo ?? '')).mode & 0o777).toBe(0o600);
  });

  it('leaves a journal that failed once alone, so that no entry is missing in between', async () => {
    const store = new FileStore(directory, systemClock);
    const writer = await store.create('r1', 'Alex');
    const rescue = open(writer);
    await rescue.append('rollback.started', wish);
    const other = await store.open('r1', 'On-call');
    await other.append('release.resumed', { from: 1 });
    await rescue.append('compensation.started', { key: 'a', title: 'a', before: {} });
    await rescue.append('rollback.ended', {
      complete: true,
      failed: [],
      customersSafe: true,
      proof: [],
    });
    await other.close();
    expect((await store.read('r1')).map((entry) => entry.type)).toEqual([
      'rollback.started',
      'release.resumed',
    ]);
    expect((await linesOf(rescue)).map(({ type }) => type)).toEqual([
      'compensation.started',
      'rollback.ended',
    ]);
    expect(rescue.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('keeps no secret in the file beside', async () => {
    const secret = new Secret('rescue-me-not-123', 'env:X');
    const rescue = open(null);
    await rescue.append('rollback.started', { reason: `key ${secret.reveal()}`, only: null });
    expect(await readFile(rescue.rescuedTo ?? '', 'utf8')).not.toContain('rescue-me-not');
    expect(rescue.entries[0]?.data).toMatchObject({ reason: 'key [secret]' });
  });

  it('is stopped by no screen that breaks', async () => {
    const rescue = open(null, () => {
      throw new Error('the terminal is gone');
    });
    await rescue.append('rollback.started', wish);
    await rescue.append('release.ended', { outcome: 'rollback-only', exit: 0, reason: 'x' });
    expect(rescue.entries).toHaveLength(2);
  });

  it('writes entries in the order in which they were given, many at once', async () => {
    const rescue = open(null);
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await Promise.all(
      keys.map((key) => rescue.append('compensation.started', { key, title: key, before: {} })),
    );
    expect((await linesOf(rescue)).map(({ seq }) => seq)).toEqual(keys.map((_, i) => i + 1));
  });
});
