import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import { digests, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

describe('the papers of a release that ended', () => {
  it('are finished by a resume when the process died before the ticket was there', async () => {
    const engine = () => world.engine([step(1, [flagAt(0)])], rollbackPhases);
    const { release } = await startRelease(engine(), '1.4.0');
    const of = (name: string) => join(world.directory, 'releases', release, name);
    const lines = (await readFile(of('journal.jsonl'), 'utf8')).split('\n');
    expect(lines.at(-2)).toContain('"kind":"ticket"');
    await writeFile(of('journal.jsonl'), `${lines.slice(0, -2).join('\n')}\n`);
    await rm(of('ticket.md'));

    const finished = await resumeRelease(engine(), release);
    expect(finished).toMatchObject({ exit: 0, notes: [expect.stringContaining('ticket')] });
    expect(await readFile(of('ticket.md'), 'utf8')).toContain(release);
    await expect(resumeRelease(engine(), release)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  });
});

describe('what a resumed release writes down a second time', () => {
  const created = {
    project: 'shop',
    build: { name: 'concierge', version: '1.4.0', digest: digests.candidate },
    stable: null,
    plan: { version: '1', digest: 'c'.repeat(64), directory: '/nowhere' },
    timeScale: 1,
    rehearsal: false,
    connect: {},
  };
  const check = (id: string) => {
    const result = { id, title: id, status: 'pass', expected: 'x', observed: 'x' } as const;
    return { step: 5, move: 0, result };
  };

  it('counts once: the word of a step and what came after it, and each document', async () => {
    const { store } = world.engine([], []);
    const journal = await store.create('r1', 'Alex W.');
    await journal.append('release.created', created);
    await journal.append('step.started', { step: 5, plannedMs: 1 });
    const ids = ['links/staging', 'approval/5', 'smoke/staging', 'approval/5', 'smoke/staging'];
    for (const id of ids) await journal.append('check.done', check(id));
    for (const kind of ['ticket', 'release-notes', 'ticket'] as const) {
      await journal.append('document.written', { kind, path: `/${kind}`, sha256: digests.stable });
    }
    await journal.close();
    const state = foldJournal('r1', await store.read('r1'));
    expect(state.steps.get(5)?.checks.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(state.documents.map(({ kind }) => kind)).toEqual(['release-notes', 'ticket']);
  });
});
