import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/release/events.ts';
import type { Habits } from '../world-server/slot-host.ts';
import { differences } from './differences.ts';
import { endOf, Stage } from './stage.ts';
import { someWrites, sweep } from './sweep.ts';
import type { Trial } from './trial.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Whether the step was taken again once the journal had said that its gate is red. */
async function takenAfterRed(trial: Trial): Promise<boolean> {
  const entries = await trial.entries();
  const red = entries.findIndex(
    (entry) => entry.type === 'check.done' && entry.data.result.status === 'fail',
  );
  return entries.slice(red).some((entry) => entry.type === 'step.started');
}

/** The start of a step that does not go well, and what an undisturbed resume makes of it. */
async function badEnd(habits: Habits, step: number, code: number) {
  const begins = (entry: JournalEntry) => entry.type === 'step.started' && entry.data.step === step;
  const scene = await stage.brokenOff(begins, habits);
  return stage.from(scene, async (trial) => {
    const before = (await trial.entries()).length;
    const ran = await trial.run({ verb: 'resume', release: scene.release });
    expect(ran).toMatchObject({ code, stderr: '' });
    return { scene, writes: (await trial.entries()).length - before, end: await endOf(trial) };
  });
}

describe('a release whose gate says no-go, killed at any write from there on', () => {
  it.each([
    ['in production', { deafEdge: true }, 6],
    ['in staging, after its traffic was moved', { silentLog: true }, 4],
  ] as const)(
    'leaves everything %s as it was',
    async (_where, habits, step) => {
      const { scene, writes, end } = await badEnd(habits, step, 3);
      const { release } = scene;
      expect(end.release).toMatchObject({ outcome: 'no-go' });
      await sweep(`no-go at step ${step}, ${writes} writes`, someWrites(writes), (kill) =>
        stage.from(scene, async (trial) => {
          expect((await trial.run({ verb: 'resume', release, kill })).signal).toBe('SIGKILL');
          const resumed = await trial.run({ verb: 'resume', release });
          if (resumed.code !== 3) expect(resumed.stderr).toMatch(/cannot go on: no-go/);
          expect(differences(putBackOnce(await endOf(trial)), putBackOnce(end))).toEqual([]);
          expect(await trial.leases()).not.toBe('held');
        }),
      );
    },
    900_000,
  );
});

describe('a release whose canary is red, killed at any write from there on', () => {
  it('ends rolled back, by resume or, where the rollback had begun, by `aurora rollback`', async () => {
    const { scene, writes, end } = await badEnd({ failingBuild: stage.builds.candidate }, 7, 5);
    const { release } = scene;
    expect(end.release).toMatchObject({
      outcome: 'rolled-back',
      rollback: { complete: true, customersSafe: true },
    });
    await sweep(`red canary, ${writes} writes`, someWrites(writes), (kill) =>
      stage.from(scene, async (trial) => {
        expect((await trial.run({ verb: 'resume', release, kill })).signal).toBe('SIGKILL');
        const resumed = await trial.run({ verb: 'resume', release });
        if (resumed.code !== 5) {
          expect(resumed.stderr).toMatch(/RELEASE_STATE: .* cannot go on: roll/);
          const finished = await trial.run({ verb: 'rollback' });
          expect(finished).toMatchObject({ code: 0, stderr: '' });
        }
        expect(differences(safety(await endOf(trial)), safety(end))).toEqual([]);
        expect(await takenAfterRed(trial)).toBe(false);
        expect(await trial.leases()).not.toBe('held');
      }),
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
