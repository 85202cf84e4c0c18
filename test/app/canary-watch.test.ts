import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openState } from '../../src/app/open-state.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { EventData } from '../../src/release/events.ts';
import type { JournalWriter } from '../../src/release/store.ts';
import { asDocument } from '../report/documents.ts';
import { candidate, stable } from '../report/journal-builder.ts';
import { lookAhead, lookData, metricsData, proven } from '../report/looks.ts';
import { Desk, type Ran } from './support.ts';

const id = '20251122-050000-1.4.0-aaaa';
let desk: Desk;
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
});
afterEach(() => desk.close());

const created: EventData['release.created'] = {
  project: 'glowglitch',
  build: candidate,
  stable,
  plan: { version: '1.0.0', digest: 'c0ffee', directory: 'checklists' },
  timeScale: 60,
  rehearsal: true,
  connect: {},
};

/** A release as another process writes it, up to the beginning of a step; with its lease. */
async function begun(step: number) {
  const state = openState(await loadConfig(desk.path('aurora.config.yaml')), desk.variables);
  const lease = await state.leases.acquire('production', id, 'Alex W.');
  const journal = await state.store.create(id, 'Alex W.');
  await journal.append('release.created', created);
  await journal.append('step.started', { step, plannedMs: 1_800_000 });
  const close = async () => {
    await journal.close();
    await lease.release();
    await state.close();
  };
  return { journal, close };
}

const look = (step: number, change = {}): EventData['watch.progress'] => ({
  step,
  text: 'errors amber 0/540',
  data: lookData(change),
});

async function end(
  journal: JournalWriter,
  step: number,
  verdict: EventData['step.ended']['verdict'],
): Promise<void> {
  const reasons = verdict === 'go' ? [] : ['Canary verdict: red: errors'];
  await journal.append('step.ended', { step, verdict, reasons, evidence: 'e'.repeat(64) });
}

/** A command that has shown something already. */
async function followed(...argv: string[]) {
  const live = desk.start(...argv);
  await vi.waitFor(() => expect(live.shown.stdout).not.toBe(''), { timeout: 5_000 });
  return live;
}

/** Each line of the output, held against its schema. */
const documents = ({ stdout }: Pick<Ran, 'stdout'>) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => asDocument(JSON.parse(line)));

describe('aurora canary watch', () => {
  it.each([
    ['go', 0],
    ['hold', 4],
    ['rollback', 5],
    ['no-go', 3],
  ] as const)('ends with the verdict %s by exit %i', async (verdict, exit) => {
    const { journal, close } = await begun(7);
    await journal.note('watch.progress', look(7));
    const live = await followed('canary', 'watch');
    await end(journal, 7, verdict);
    expect((await live.ended).exit).toBe(exit);
    await close();
  });

  it('tells each look as one line of JSON while the journal grows, and the verdict last', async () => {
    const { journal, close } = await begun(7);
    await journal.note('watch.progress', { step: 7, text: 'foreseen', data: lookAhead });
    await journal.note('watch.progress', look(7));
    const live = desk.start('canary', 'watch', id, '--json');
    await vi.waitFor(() => expect(documents(live.shown)).toHaveLength(1), { timeout: 5_000 });
    await journal.note('watch.progress', look(7, { readings: 11, elapsedMs: 660_000 }));
    await vi.waitFor(() => expect(documents(live.shown)).toHaveLength(2), { timeout: 5_000 });
    await end(journal, 7, 'rollback');
    const { exit } = await live.ended;
    expect(exit).toBe(5);
    expect(documents(live.shown)).toMatchObject([
      { kind: 'canary-look', release: id, step: 7, watch: 'canary', elapsedMs: 600_000 },
      { kind: 'canary-look', elapsedMs: 660_000, metrics: { length: 9 } },
      { kind: 'canary-verdict', verdict: 'rollback', reasons: ['Canary verdict: red: errors'] },
    ]);
    await close();
  });

  it('tells a pipe what changes, not each look', async () => {
    const { journal, close } = await begun(7);
    for (let i = 0; i < 8; i += 1) await journal.note('watch.progress', look(7, { readings: i }));
    const green = { metrics: metricsData({ errors: proven }) };
    await journal.note('watch.progress', look(7, green));
    const live = await followed('canary', 'watch');
    await end(journal, 7, 'go');
    const lines = (await live.ended).stdout.split('\n');
    expect(lines.filter((line) => line.includes('errors amber 0/540'))).toHaveLength(2);
    expect(lines).toContain('    errors: collecting evidence -> proven green');
    await close();
  });

  it('refuses a release that watches nothing, and says where it stands', async () => {
    const { close } = await begun(3);
    const ran = await desk.run('canary', 'watch');
    expect(ran).toMatchObject({ exit: 2, stdout: '' });
    expect(ran.stderr).toContain('NOT_WATCHED');
    expect(ran.stderr).toContain(`release ${id} is at step 3/9 smoke (running)`);
    expect(ran.stderr).toContain('--wait');
    await close();
  });

  it('waits for the watch with --wait', async () => {
    const { journal, close } = await begun(3);
    const live = desk.start('canary', 'watch', '--wait', '--json');
    await vi.waitFor(() => expect(live.shown.stderr).toContain('waiting for the next watch'), {
      timeout: 5_000,
    });
    await end(journal, 3, 'go');
    await journal.append('step.started', { step: 7, plannedMs: 1_800_000 });
    await journal.note('watch.progress', look(7));
    await end(journal, 7, 'hold');
    expect((await live.ended).exit).toBe(4);
    const kinds = documents(live.shown).map(({ kind }) => kind);
    expect(kinds).toEqual(['canary-look', 'canary-verdict']);
    await close();
  });

  it('waits for nothing in a release that has ended', async () => {
    const { journal, close } = await begun(7);
    await journal.note('watch.progress', look(7));
    await end(journal, 7, 'rollback');
    const gone = { outcome: 'rolled-back', exit: 5, reason: 'red' } as const;
    await journal.append('release.ended', gone);
    const ran = await desk.run('canary', 'watch', '--wait');
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain('has ended; its last watch ended with rollback');
    await close();
  });

  it('shows the ramp as well', async () => {
    const { journal, close } = await begun(8);
    const change = { watch: 'ramp', share: null, compared: false, split: null };
    await journal.note('watch.progress', look(8, change));
    const live = await followed('canary', 'watch', '--json');
    await end(journal, 8, 'go');
    expect(documents(await live.ended)[0]).toMatchObject({ step: 8, watch: 'ramp', share: null });
    await close();
  });

  it('holds when nobody works on the release any more, and says how to go on', async () => {
    const { journal, close } = await begun(7);
    await journal.note('watch.progress', look(7));
    await close();
    const ran = await desk.run('canary', 'watch');
    expect(ran.exit).toBe(4);
    expect(ran.stderr).toContain(`no process works on release ${id} any more`);
    expect(ran.stdout).toContain(`aurora resume ${id}`);
  });
});
