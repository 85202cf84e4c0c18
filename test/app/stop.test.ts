import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openState } from '../../src/app/open-state.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { loadPlan } from '../../src/plan/load-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { EventData, EventType } from '../../src/release/events.ts';
import type { InboxNote } from '../../src/release/inbox.ts';
import type { JournalWriter } from '../../src/release/store.ts';
import { Desk } from './support.ts';

const id = '20261122-000000-1.4.0-aaaa';
const digest = 'b'.repeat(64);
let desk: Desk;
let plan: Plan;
let state: ReturnType<typeof openState>;
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  const loaded = await loadConfig(desk.path('aurora.config.yaml'));
  plan = await loadPlan(loaded.checklists);
  state = openState(loaded, desk.variables);
});
afterEach(async () => {
  await state.close();
  await desk.close();
});

type Told = { [T in EventType]: readonly [type: T, data: EventData[T]] }[EventType];

const created: Told = [
  'release.created',
  {
    ...{ project: 'p', build: { name: 'concierge', version: '1.4.0', digest }, stable: null },
    plan: { version: '1.0.0', digest: 'p'.repeat(64), directory: 'checklists' },
    ...{ timeScale: 1, rehearsal: false, connect: {} },
  },
];
const started = (step: number): Told => ['step.started', { step, plannedMs: 1 }];
const ended = (step: number, verdict: EventData['step.ended']['verdict']): Told => [
  'step.ended',
  { step, verdict, reasons: ['it was so'], evidence: digest },
];
const over = (outcome: EventData['release.ended']['outcome'], exit: number): Told => [
  'release.ended',
  { outcome, exit, reason: 'it was so' },
];

async function told(writer: JournalWriter, ...entries: readonly Told[]): Promise<void> {
  for (const [type, data] of entries) await writer.append(type, data);
}

/** A release with this journal, which nobody runs. */
async function release(...entries: readonly Told[]): Promise<void> {
  const writer = await state.store.create(id, 'Alex W.');
  await told(writer, created, ...entries);
  await writer.close();
}

/** A release that runs here: it does this when somebody wishes something of it. */
async function runs(
  before: readonly Told[],
  answer: (note: InboxNote) => readonly Told[],
  passedOver = 0,
) {
  const writer = await state.store.create(id, 'Alex W.');
  await told(writer, created, ...before);
  const lease = await state.leases.acquire('production', id, 'Alex W.');
  const heard = vi.waitFor(
    async () => {
      const note = (await state.store.inbox(id))[passedOver];
      if (note === undefined) throw new Error('nothing was heard');
      return note;
    },
    { timeout: 8_000, interval: 20 },
  );
  const done = heard.then(async (note) => {
    await told(writer, ...answer(note));
    await writer.close();
    await lease.release();
    return note;
  });
  return { done };
}

describe('pause', () => {
  it('lets a release stand still that nobody runs, and says how it goes on', async () => {
    await release(started(1));
    const { exit, stdout } = await desk.run('pause', '--reason', 'lunch', '--actor', 'Maya T.');
    expect(exit).toBe(0);
    expect(stdout).toContain(`${id} stands still`);
    expect(stdout).toContain(`aurora resume ${id}`);
    expect((await desk.run('status', '--json')).json()).toMatchObject({
      status: 'held',
      hold: { step: 1, waitsFor: 'person', reason: 'paused by Maya T.: lunch' },
    });
    expect(await state.leases.holder('production')).toBeNull();
  });

  it('asks the process that runs the release, and waits until it stands', async () => {
    const hold: Told = ['release.held', { step: 1, waitsFor: 'person', reason: 'paused' }];
    const running = await runs([started(1)], () => [hold]);
    const { exit, stdout } = await desk.run('pause', '--json', '--actor', 'Maya T.');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'pause', id, status: 'held' });
    expect(exit).toBe(0);
    expect(await running.done).toMatchObject({ wish: 'pause', by: 'Maya T.', reason: '' });
  });

  it('asks again where the process began only then, and passed it over', async () => {
    const hold: Told = ['release.held', { step: 1, waitsFor: 'person', reason: 'paused' }];
    const running = await runs([started(1)], () => [hold], 1);
    expect((await desk.run('pause')).exit).toBe(0);
    await running.done;
  });

  it('does it itself when that process goes away without having heard', async () => {
    const running = await runs([started(1)], () => []);
    expect((await desk.run('pause')).exit).toBe(0);
    await running.done;
    expect((await desk.run('status', '--json')).json()).toMatchObject({ status: 'held' });
  });

  it('is refused for a release that has ended, also while it was being asked', async () => {
    const running = await runs([started(1), ended(1, 'go')], () => [over('released', 0)]);
    const late = await desk.run('pause');
    await running.done;
    expect([late.exit, late.stderr]).toEqual([2, expect.stringContaining('ended before it heard')]);
    const refused = await desk.run('pause');
    expect([refused.exit, refused.stderr]).toEqual([
      2,
      expect.stringContaining('cannot be paused: released'),
    ]);
  });
});

describe('abort', () => {
  const act = { step: 4, key: '4/start-slot/staging', title: 'start 1.4.0' };
  const seen = { already: false, expected: 'ready', observed: 'ready' };

  it('ends a release, and names what could not be put back', async () => {
    await release(
      started(4),
      ['effect.started', { ...act, before: {} }],
      ['effect.done', { ...act, ...seen }],
    );
    const { exit, stdout } = await desk.run('abort', '--reason', 'the offer changed');
    expect(exit).toBe(0);
    expect(stdout).toContain(`${id} is aborted`);
    expect(stdout).toContain('could not be put back: start 1.4.0: ');
    const ticket = await readFile(desk.path('.aurora/releases', id, 'ticket.md'), 'utf8');
    expect(ticket).toContain('aborted by');
  });

  it('wants a reason', async () => {
    await release(started(1));
    expect(await desk.run('abort')).toMatchObject({ exit: 2 });
  });

  it('is refused once production was touched, and nobody is asked', async () => {
    const cohort = { step: 6, key: '6/set-cohort/production/5', title: 'candidate at 5 %' };
    await release(started(6), ['effect.started', { ...cohort, before: {} }]);
    const { exit, stderr } = await desk.run('abort', '--reason', 'errors');
    expect(exit).toBe(2);
    expect(stderr).toContain(`aurora rollback ${id}`);
    expect(await state.store.inbox(id)).toEqual([]);
  });
});

describe('a gate that is run again', () => {
  const go = [1, 2].flatMap((step): Told[] => [started(step), ended(step, 'go')]);
  it.each([
    ['a go', 2, [...go], 0],
    ['a no-go', 3, [...go, started(3), ended(3, 'no-go'), over('no-go', 3)], 3],
    [
      'a go of a release that ended later',
      2,
      [...go, started(3), ended(3, 'no-go'), over('no-go', 3)],
      0,
    ],
    ['a rollback', 3, [...go, started(3), ended(3, 'rollback'), over('rolled-back', 5)], 5],
    [
      'an incomplete one',
      3,
      [...go, started(3), ended(3, 'rollback'), over('rollback-incomplete', 6)],
      6,
    ],
  ] as const)('gives the same exit code and reports for %s', async (_what, step, entries, code) => {
    await release(...entries);
    const before = await state.store.read(id);
    for (const report of ['once.xml', 'again.xml']) {
      const ran = await desk.run('gate', `${step}`, '--release', id, '--json', '--junit', report);
      expect(ran.exit).toBe(code);
      expect(ran.json()).toMatchObject({ kind: 'release', id });
    }
    expect(await readFile(desk.path('again.xml'), 'utf8')).toBe(
      await readFile(desk.path('once.xml'), 'utf8'),
    );
    expect(await state.store.read(id)).toEqual(before);
  });

  it('is refused out of its order, naming the one that is due', async () => {
    await release(...go);
    const { exit, stderr } = await desk.run('gate', '5', '--release', id);
    expect(exit).toBe(2);
    expect(stderr).toContain('step 5 is not due, step 3 is');
    expect(stderr).toContain(`aurora gate 3 --release ${id}`);
  });

  it('is refused behind the end, saying how it ended', async () => {
    await release(...go, started(3), ended(3, 'no-go'), over('no-go', 3));
    const { exit, stderr } = await desk.run('gate', '4', '--release', id);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('step 4 was not reached')]);
  });
});

describe('the words of a release', () => {
  it.each([
    [['release', '1.4.0', '--from', '12'], 'STEP_UNKNOWN'],
    [['release', '1.4.0', '--from', '4', '--until', '2'], 'USAGE'],
    [['resume', id, '--from', '0'], 'USAGE'],
  ])('%s are refused', async (words, code) => {
    await release(started(1));
    expect(plan.steps).toHaveLength(9);
    const { exit, stderr } = await desk.run(...words);
    expect([exit, stderr.includes(code)]).toEqual([2, true]);
  });
});
