import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { lookAtProcess } from '../../../src/base/process.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import type { JournalWriter } from '../../../src/release/store.ts';
import { bundleProgram, Racer } from './racers.ts';

/** So many times a writer is stopped, each time somewhere else in its writing. */
const times = 8;

let directory: string;
let program: string;
const racers: Racer[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-sleeper-'));
  program = await bundleProgram('sleeper', directory);
});
afterEach(() => {
  for (const racer of racers.splice(0)) racer.signal('SIGKILL');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A writer that is stopped in the middle of what it does. */
async function stopped(release: string, afterMs: number): Promise<Racer> {
  const racer = new Racer(program, [join(directory, 'state'), release]);
  racers.push(racer);
  expect(await racer.word()).toBe('writing');
  await delay(afterMs);
  racer.signal('SIGSTOP');
  await vi.waitUntil(() => lookAtProcess(racer.pid)?.state === 'T');
  return racer;
}

describe.skipIf(process.platform !== 'linux')('a writer that is stopped while it writes', () => {
  it('delays a rollback for no more than a moment, and adds nothing when it wakes up', async () => {
    const store = new FileStore(join(directory, 'state'), systemClock);
    const caughtWriting: boolean[] = [];
    for (let round = 0; round < times; round += 1) {
      const release = `r${round}`;
      const racer = await stopped(release, round * 1.7);

      const rollback: JournalWriter = await store.open(release, 'On-call', { overtakes: true });
      const begin = performance.now();
      await rollback.append('rollback.started', { reason: 'errors', only: null });
      expect(performance.now() - begin).toBeLessThan(2_000);
      const path = join(directory, 'state', 'releases', release, 'journal.jsonl');
      const before = await readFile(path, 'utf8');

      racer.signal('SIGCONT');
      const last = (await racer.word()) as { code: string; written: number };
      expect(last.code).toBe('LEASE_LOST');
      expect((await racer.end()).exit).toBe(7);
      expect(await readFile(path, 'utf8')).toBe(before);
      await rollback.append('release.resumed', { from: 1 });
      await rollback.close();
      expect(await store.read(release)).toEqual(rollback.entries);
      expect(rollback.entries.at(-2)?.type).toBe('rollback.started');
      // What it believes to have written is there: the last word may be one more.
      const byIt = rollback.entries.filter(({ actor }) => actor === 'sleeper').length;
      expect([last.written, last.written + 1]).toContain(byIt);
      caughtWriting.push(byIt === last.written + 1);
    }
    // Stopped between its line and its look at it: else this test would prove less than it says.
    expect(caughtWriting).toContain(true);
  }, 30_000);
});
