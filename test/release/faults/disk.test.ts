import { chmod, chown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/release/events.ts';
import { outcomeOf } from '../kill/outcome.ts';
import { endOf, Stage } from '../kill/stage.ts';
import type { Trial } from '../kill/trial.ts';

let stage: Stage;
let whole: Awaited<ReturnType<typeof endOf>>;
let size = 0;
beforeAll(async () => {
  stage = await Stage.open();
  whole = await stage.within(async (trial) => {
    expect((await trial.run({ verb: 'release' })).code).toBe(0);
    const journal = join(trial.directory, 'state/releases', await trial.release(), 'journal.jsonl');
    size = (await stat(journal)).size;
    return endOf(trial);
  });
});
afterAll(() => stage.close());

/** Goes on, and comes to what would have been without the trouble. */
async function expectSameEnd(trial: Trial): Promise<void> {
  const release = await trial.release();
  expect(await trial.run({ verb: 'resume', release })).toMatchObject({ code: 0, stderr: '' });
  expect(await endOf(trial)).toEqual(whole);
}

describe('a disk that takes no more', () => {
  it.each([
    0.3, 0.5, 0.7, 0.9,
  ])('at %f of the journal is a clear error; nothing is lost, and the release resumes', async (share) => {
    const kilobytes = Math.floor((size * share) / 1024);
    await stage.within(async (trial) => {
      const refused = await trial.run({ verb: 'release' }, { fileKilobytes: kilobytes });
      expect(refused).toMatchObject({ code: 1, signal: null });
      expect(refused.stderr).toMatch(/^STORE_FAILED: writing the journal failed: EFBIG/);
      expect(refused.stderr).toContain('journal.jsonl');
      expect(await trial.leases()).toBe('given back');
      expect(whole.changes.slice(0, trial.company.changes.length)).toEqual(trial.company.changes);
      await expectSameEnd(trial);
    });
  });
});

/** Everything below, given to a user who is not root. */
async function giveTo(user: number, directory: string): Promise<void> {
  await chown(directory, user, user);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), user, user);
  }
}

/** Makes every directory of releases and leases read-only, or no longer so. */
async function setMode(trial: Trial, mode: number): Promise<void> {
  const state = join(trial.directory, 'state');
  const below = await readdir(state, { withFileTypes: true, recursive: true });
  const directories = below.filter((entry) => entry.isDirectory());
  for (const entry of directories) await chmod(join(entry.parentPath, entry.name), mode);
  await chmod(state, mode);
}

/** Root may write anywhere: then the program runs as nobody. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;

describe('a state directory that is read-only', () => {
  it('refuses a release before anything is changed', async () => {
    await stage.within(async (trial) => {
      if (nobody !== undefined) await giveTo(nobody, trial.directory);
      await setMode(trial, 0o500);
      const refused = await trial.run({ verb: 'release' }, { user: nobody });
      await setMode(trial, 0o700);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^STORE_FAILED: .*EACCES/);
      expect(trial.company.changes).toEqual([]);
    });
  });

  it('refuses to resume before anything is changed, and lets it resume once it is writable', async () => {
    const begins = (entry: JournalEntry) => entry.type === 'step.started' && entry.data.step === 8;
    const scene = await stage.brokenOff(begins);
    await stage.from(scene, async (trial) => {
      if (nobody !== undefined) await giveTo(nobody, trial.directory);
      const order = { verb: 'resume', release: scene.release } as const;
      await setMode(trial, 0o500);
      const refused = await trial.run(order, { user: nobody });
      await setMode(trial, 0o700);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^STORE_FAILED: .*EACCES/);
      expect(trial.company.changes).toEqual([]);
      const resumed = await trial.run(order, { user: nobody });
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(whole.changes.slice(-trial.company.changes.length)).toEqual(trial.company.changes);
      expect(await outcomeOf(trial)).toEqual(whole.release);
    });
  });
});
