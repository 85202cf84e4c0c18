import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, type Scene, Stage } from '../kill/stage.ts';
import type { Trial } from '../kill/trial.ts';

let stage: Stage;
let scene: Scene;
let whole: Awaited<ReturnType<typeof endOf>>;
beforeAll(async () => {
  stage = await Stage.open();
  // In step 6: the candidate's slot runs, and the flag gives it its customers.
  scene = await stage.brokenOff((entry) => entry.type === 'step.ended' && entry.data.step === 6);
  whole = await stage.from(scene, async (trial) => {
    const ran = await trial.run({ verb: 'resume', release: scene.release });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return endOf(trial);
  });
});
afterAll(() => stage.close());

const journalOf = (trial: Trial) =>
  join(trial.directory, 'state/releases', scene.release, 'journal.jsonl');

const joined = (lines: readonly string[]) => `${lines.join('\n')}\n`;

type Lines = readonly string[];

/** What happened to it, how, and the line and words that it is refused with. */
const alterations: readonly (readonly [string, (lines: Lines) => string, string])[] = [
  ['has lost its beginning', (all) => joined(all.slice(1)), 'entry 1 is missing, found 2 at 1'],
  [
    'has lost an entry in the middle',
    (all) => joined(all.filter((_, index) => index !== 20)),
    'entry 21 is missing, found 22 at 21',
  ],
  [
    'was edited',
    (all) => joined(all.map((line, at) => (at === 8 ? line.replace('"go"', '"no-go"') : line))),
    'the entry before it was changed, or this one is foreign at 10',
  ],
  [
    'was edited in its last line',
    (all) => joined([...all.slice(0, -1), `${all.at(-1)?.replace('{', '{ ')}`]),
    'the entry is not in canonical form: it was edited at LAST',
  ],
  [
    'was put into another order',
    (all) => joined([...all.slice(0, 30), all[31] ?? '', all[30] ?? '', ...all.slice(32)]),
    'entry 31 is missing, found 32 at 31',
  ],
  [
    'belongs to another release',
    (all) => joined(all.map((line) => line.replaceAll(scene.release, 'another-release'))),
    'entry belongs to release another-release at 1',
  ],
  ['holds what is no entry', (all) => joined([...all, 'hello']), 'not a journal entry at LAST'],
];

describe('a journal that', () => {
  it.each(alterations)('%s is named, refused and left as it is', async (_what, alter, named) => {
    await stage.from(scene, async (trial) => {
      const path = journalOf(trial);
      const text = await readFile(path, 'utf8');
      const altered = alter(text.trimEnd().split('\n'));
      await writeFile(path, altered);
      const order = { verb: 'resume', release: scene.release } as const;
      const refused = await trial.run(order);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      const [message, line] = named.split(' at ');
      const last = String(altered.trimEnd().split('\n').length);
      const where = `${path}:${line === 'LAST' ? last : line}`;
      expect(refused.stderr).toContain(`JOURNAL_BROKEN: ${message} (${where})`);
      expect(await readFile(path, 'utf8')).toBe(altered);
      expect(trial.company.changes).toEqual([]);

      await writeFile(path, text);
      expect(await trial.run(order)).toMatchObject({ code: 0, stderr: '' });
      expect(await endOf(trial)).toEqual(whole);
    });
  });

  it('has lost its last entries whole is gone on with: what was done since is seen, not repeated', async () => {
    await stage.from(scene, async (trial) => {
      const path = journalOf(trial);
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      await writeFile(path, joined(lines.slice(0, -4)));
      const ran = await trial.run({ verb: 'resume', release: scene.release });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect((await endOf(trial)).changes).toEqual(whole.changes);
    });
  });
});
