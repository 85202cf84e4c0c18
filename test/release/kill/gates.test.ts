import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventType } from '../../../src/release/events.ts';
import type { Habits } from '../world-server/slot-host.ts';
import { differences } from './differences.ts';
import { endOf, Stage } from './stage.ts';
import { everyWrite, sweep } from './sweep.ts';
import type { Trial } from './trial.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** The first write of this kind in this step. */
async function writeOf(trial: Trial, step: number, type: EventType): Promise<number> {
  const found = (await trial.entries()).find(
    (entry) => entry.type === type && 'step' in entry.data && entry.data.step === step,
  );
  if (found === undefined) throw new Error(`no ${type} in step ${step}`);
  return found.seq;
}

/** Whether the step was taken again once the journal had said that its gate is red. */
async function takenAfterRed(trial: Trial): Promise<boolean> {
  const entries = await trial.entries();
  const red = entries.findIndex(
    (entry) => entry.type === 'check.done' && entry.data.result.status === 'fail',
  );
  return entries.slice(red).some((entry) => entry.type === 'step.started');
}

/** An undisturbed release that does not go well: where its end begins, and what it comes to. */
async function badEnd(habits: Habits, step: number, exit: number) {
  return stage.within(async (trial) => {
    expect(await trial.run({ verb: 'release' })).toMatchObject({ code: exit, stderr: '' });
    const first = await writeOf(trial, step, 'step.started');
    return { first, last: (await trial.entries()).length, end: await endOf(trial) };
  }, habits);
}

describe('a release whose gate says no-go, killed at any write from there on', () => {
  it.each([
    ['in production', { deafEdge: true }, 6],
    ['in staging, after its traffic was moved', { silentLog: true }, 4],
  ] as const)(
    'leaves everything %s as it was',
    async (_where, habits, step) => {
      const { first, last, end } = await badEnd(habits, step, 3);
      expect(end.release).toMatchObject({ outcome: 'no-go' });
      const kills = everyWrite(first, last, 3);
      await sweep(`no-go at step ${step}, ${last - first + 1} writes`, kills, (kill) =>
        stage.within(async (trial) => {
          expect((await trial.run({ verb: 'release', kill })).signal).toBe('SIGKILL');
          const resumed = await trial.run({ verb: 'resume', release: await trial.release() });
          if (resumed.code !== 3) expect(resumed.stderr).toMatch(/cannot go on: no-go/);
          expect(differences(putBackOnce(await endOf(trial)), putBackOnce(end))).toEqual([]);
          expect(await trial.leases()).not.toBe('held');
        }, habits),
      );
    },
    900_000,
  );
});

describe('a release whose canary is red, killed at any write from there on', () => {
  it('ends rolled back, by resume or, where the rollback had begun, by `aurora rollback`', async () => {
    const habits = { failingBuild: stage.builds.candidate };
    const { first, last, end } = await badEnd(habits, 7, 5);
    expect(end.release).toMatchObject({
      outcome: 'rolled-back',
      rollback: { complete: true, customersSafe: true },
    });
    const kills = everyWrite(first, last, 3);
    await sweep(`red canary, ${last - first + 1} writes`, kills, (kill) =>
      stage.within(async (trial) => {
        expect((await trial.run({ verb: 'release', kill })).signal).toBe('SIGKILL');
        const release = await trial.release();
        const resumed = await trial.run({ verb: 'resume', release });
        if (resumed.code !== 5) {
          expect(resumed.stderr).toMatch(/RELEASE_STATE: .* cannot go on: roll/);
          const finished = await trial.run({ verb: 'rollback' });
          expect(finished).toMatchObject({ code: 0, stderr: '' });
        }
        expect(differences(safety(await endOf(trial)), safety(end))).toEqual([]);
        expect(await takenAfterRed(trial)).toBe(false);
        expect(await trial.leases()).not.toBe('held');
      }, habits),
    );
  }, 900_000);
});

type End = Awaited<ReturnType<typeof endOf>>;

/** Putting back may be said twice in a row, as nobody knows whether it was heard; nothing else may. */
function putBackOnce({ changes, ...rest }: End): object {
  return { ...rest, changes: changes.filter((change, index) => change !== changes[index - 1]) };
}

/** What must be so after a rollback, however often it was begun. */
function safety({ release, company }: End): object {
  const { outcome, exit, rollback, toRestore, facts } = release;
  return { outcome, exit, rollback, toRestore, facts, company };
}
