import { cp, readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approverLine } from '../../src/proof/ssh/allowed-signers.ts';
import { omar, rita } from '../release/people.ts';
import { type Story, tell } from '../release/verify-story.ts';
import { World } from '../release/world.ts';
import { Desk } from './support.ts';

let world: World;
let story: Story;
let desk: Desk;
beforeAll(async () => {
  world = await new World().open();
  story = await tell(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  desk = await new Desk().open();
  await cp(story.directory, desk.path('copy'), { recursive: true });
  const lines = [omar, rita].map(({ id, name, roles, key }) =>
    approverLine({ id, name, roles, key: key.publicKey }),
  );
  await writeFile(desk.path('approvers'), `${lines.join('\n')}\n`);
});
afterEach(() => desk.close());

const approvers = ['--approvers', 'approvers'];

async function edit(name: string, from: string, to: string): Promise<void> {
  const text = await readFile(desk.path('copy', name), 'utf8');
  expect(text).toContain(from);
  await writeFile(desk.path('copy', name), text.replace(from, to));
}

describe('aurora verify', () => {
  it('needs no configuration for a copy, and says how much fits', async () => {
    const ran = await desk.run('verify', 'copy', ...approvers);
    expect(ran.stderr).toBe('');
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toMatch(/signatures +2 +fits/);
    expect(ran.stdout).toContain('everything that can be held against something else fits');
  });

  it('names file and line of the first entry that does not fit, and ends with 3', async () => {
    await edit('journal.jsonl', '"signed":true', '"signed":false');
    const ran = await desk.run('verify', 'copy', ...approvers);
    expect(ran.exit).toBe(3);
    expect(ran.stdout).toMatch(/first: \S+copy\/journal\.jsonl:\d+ \(override\.given\): it was/);
    expect(ran.stdout).toContain('PROOF_BROKEN');
  });

  it('is one document with --json', async () => {
    await edit('ticket.md', '#', '##');
    const ran = await desk.run('verify', 'copy', ...approvers, '--json');
    expect(ran.exit).toBe(3);
    expect(ran.json()).toMatchObject({
      ...{ kind: 'verify', release: story.release, fits: false, code: 'PROOF_BROKEN' },
      first: { aspect: 'documents', type: 'document.written' },
      results: { documents: 'DOES NOT FIT', chain: 'fits' },
    });
  });

  it('says that nobody knows who signed when there is no approvers file', async () => {
    const ran = await desk.run('verify', 'copy/journal.jsonl');
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toMatch(/signatures +2 +not known/);
    expect(ran.stdout).toContain('without an approvers file nobody knows whose key that is');
  });

  it('finds a release of the configured store, and the newest where none is named', async () => {
    await desk.configured();
    await cp(story.directory, desk.path('.aurora', 'releases', story.release), { recursive: true });
    for (const asked of [[story.release], []]) {
      const ran = await desk.run('verify', ...asked, ...approvers);
      expect([ran.exit, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain(story.release);
    }
  });

  it('refuses what is no journal, no release, and an approvers file that is not there', async () => {
    await writeFile(desk.path('notes.txt'), 'hello\nworld\n');
    const none = await desk.run('verify', 'notes.txt');
    expect([none.exit, none.stderr.includes('JOURNAL_BROKEN')]).toEqual([2, true]);
    const nowhere = await desk.run('verify', 'r-nowhere');
    expect([nowhere.exit, nowhere.stderr.includes('CONFIG_MISSING')]).toEqual([2, true]);
    await desk.configured();
    const unknown = await desk.run('verify', 'r-nowhere');
    expect([unknown.exit, unknown.stderr.includes('RELEASE_UNKNOWN')]).toEqual([2, true]);
    const missing = await desk.run('verify', 'copy', '--approvers', 'nobody');
    expect([missing.exit, missing.stderr.includes('APPROVERS_INVALID')]).toEqual([2, true]);
  });
});
