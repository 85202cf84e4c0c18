import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emergencyRollback } from '../../src/release/emergency.ts';
import { ReleaseLog } from '../../src/release/release-log.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import { verifyJournal } from '../../src/release/verify.ts';
import { effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const holds = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const steps = [
  step(1, [
    effect('start-slot', production),
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
    flagAt(5),
  ]),
  step(2, [flagAt(5)], holds),
];
const engine = () => world.engine(steps, rollbackPhases);
const flagsOff = { reason: 'errors', only: 'flags' } as const;

/** A release that stands at step 2, since the flags could not be read there. */
async function held() {
  const stopping = engine();
  const onEntry = stopping.onEntry;
  const { release, exit } = await startRelease(
    {
      ...stopping,
      onEntry: (entry, state) => {
        onEntry(entry, state);
        if (entry.type === 'step.started' && entry.data.step === 2) world.dead.add('flags');
      },
    },
    '1.4.0',
  );
  world.dead.clear();
  expect(exit).toBe(4);
  return release;
}

async function read(release: string) {
  return foldJournal(release, await engine().store.read(release));
}

describe('the journal of a running release', () => {
  it('refuses an entry that the table does not take, and writes nothing', async () => {
    const { store } = engine();
    const writer = await store.create('r1', 'Alex');
    const log = new ReleaseLog(
      writer,
      () => undefined,
      async () => undefined,
    );
    const ended = { step: 1, verdict: 'go', reasons: [], evidence: '' } as const;
    await expect(log.append('step.ended', ended)).rejects.toMatchObject({
      code: 'JOURNAL_REFUSED',
      exitCode: 1,
      message: expect.stringContaining('step.ended does not fit: the release is none'),
    });
    expect(await store.read('r1')).toEqual([]);
    // Whoever brings customers back is refused nothing.
    log.goOnRegardless(engine());
    await log.append('step.ended', ended);
    expect(log.state.refused).toEqual([1]);
    await log.close();
  });
});

describe('a rollback of nothing but the flags', () => {
  it('leaves an open release standing: it cannot go on, and a whole rollback ends it', async () => {
    const release = await held();
    await emergencyRollback(engine(), flagsOff, release);
    expect(await read(release)).toMatchObject({ status: 'held', place: 'switched-off' });
    await expect(resumeRelease(engine(), release)).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      message: expect.stringContaining('its flags are off'),
      remedy: expect.stringContaining('aurora rollback'),
    });
    const { exit } = await emergencyRollback(engine(), { reason: 'errors', only: null }, release);
    expect(exit).toBe(0);
    expect(await read(release)).toMatchObject({ status: 'ended', outcome: 'rolled-back' });
  });

  it('leaves an ended release ended, with the outcome that it had', async () => {
    const { release, exit } = await startRelease(engine(), '1.4.0');
    expect(exit).toBe(0);
    await emergencyRollback(engine(), flagsOff, release);
    expect(await read(release)).toMatchObject({ status: 'ended', outcome: 'released' });
  });

  it('ends at once where there is no release behind it', async () => {
    const { release } = await emergencyRollback(engine(), flagsOff);
    expect(await read(release)).toMatchObject({ status: 'ended', outcome: 'rollback-only' });
  });

  it('is verified like any other journal, and its ticket and note with it', async () => {
    const release = await held();
    await emergencyRollback(engine(), flagsOff, release);
    await emergencyRollback(engine(), { reason: 'errors', only: null }, release);
    const { text, where } = await engine().store.text(release);
    const documents = new Map<string, string | null>();
    const report = verifyJournal({
      ...{ text, where, release, approvers: null, documents, withDocuments: false },
    });
    expect(report.first).toBeNull();
    const state = await read(release);
    expect(state.refused).toEqual([]);
    const written = state.documents.map(({ kind, sha256 }) => [kind, sha256?.length]);
    expect(written).toContainEqual(['incident-note', 64]);
    expect(written).toContainEqual(['ticket', 64]);
  });
});
