import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from './differences.ts';
import { endOf, Stage } from './stage.ts';
import { everyWrite, some, sweep } from './sweep.ts';
import type { Trial } from './trial.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Resumes until the release has ended, as a person does who finds the process dead. */
async function goOn(trial: Trial): Promise<void> {
  const resumed = await trial.run({ verb: 'resume', release: await trial.release() });
  if (resumed.code !== 0) {
    // Nothing was changed before the entry that begins it: then it is begun again.
    expect(resumed.stderr).toMatch(/RELEASE_STATE: .* cannot go on: never begun/);
    expect(await trial.run({ verb: 'release' })).toMatchObject({ code: 0, stderr: '' });
  }
}

/** Whether the process died when all was written, and only the leases were not given back. */
async function hadEnded(trial: Trial): Promise<boolean> {
  const last = (await trial.entries()).at(-1);
  return last?.type === 'document.written' && last.data.kind === 'ticket';
}

describe('a release that is killed at any write of its journal', () => {
  it('comes to the same end as one that is not, with nothing done twice and nothing lost', async () => {
    const { writes, end } = await stage.within(async (trial) => {
      expect(await trial.run({ verb: 'release' })).toMatchObject({ code: 0, stderr: '' });
      expect(await trial.leases()).toBe('given back');
      return { writes: (await trial.entries()).length, end: await endOf(trial) };
    });
    expect(end.release).toMatchObject({ outcome: 'released', exit: 0 });
    await sweep(`a release of ${writes} writes`, everyWrite(writes), (kill) =>
      stage.within(async (trial) => {
        const killed = await trial.run({ verb: 'release', kill });
        expect(killed.signal).toBe('SIGKILL');
        if (!(await hadEnded(trial))) await goOn(trial);
        expect(differences(await endOf(trial), end)).toEqual([]);
        expect(await trial.leases()).not.toBe('held');
      }),
    );
  }, 900_000);

  it('does so too when it dies on a request that changes something, heard or not', async () => {
    const end = await stage.within(async (trial) => {
      await trial.run({ verb: 'release' });
      return endOf(trial);
    });
    const blows = end.changes.flatMap((_, index) =>
      (['before', 'after'] as const).map((moment) => ({ write: index + 1, moment })),
    );
    await sweep(`${end.changes.length} requests that change something`, some(blows), (blow) =>
      stage.within(async (trial) => {
        trial.company.strike = (number) => {
          if (number !== blow.write) return null;
          trial.company.strike = () => null;
          trial.killNow();
          return blow.moment;
        };
        expect((await trial.run({ verb: 'release' })).signal).toBe('SIGKILL');
        await goOn(trial);
        const { release, company, changes } = await endOf(trial);
        expect(differences({ release, company }, without(end))).toEqual([]);
        // What was half done is done whole: its requests may come again, and no others.
        const often = changes.filter(
          (change) => changes.indexOf(change) !== changes.lastIndexOf(change),
        );
        expect(changes.filter((change) => !end.changes.includes(change))).toEqual([]);
        expect(often.length / 2).toBeLessThanOrEqual(2);
      }),
    );
  }, 900_000);
});

function without({ release, company }: Awaited<ReturnType<typeof endOf>>) {
  return { release, company };
}
