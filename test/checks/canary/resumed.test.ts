import { describe, expect, it } from 'vitest';
import { firstLookOf } from '../../../src/checks/canary/first-look.ts';
import { canary } from '../../../src/checks/canary/kinds.ts';
import type { JournaledLook } from '../../../src/checks/kind.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { TurnedClock } from '../support/watching.ts';
import { began, params, resultOf, watched } from './watched.ts';

/** One bad session in every five minutes, at fifty sessions a minute. */
const read = (minute: number) =>
  reading(cohort(400 + minute * 50, { bad: 3 + Math.floor(minute / 5) }));

/** What a watch journals until it is interrupted in that minute. */
async function interruptedAt(minute: number): Promise<readonly JournaledLook[]> {
  const stop = new AbortController();
  const clock = new TurnedClock(began);
  const { context, looks } = watched({
    clock,
    read: (now) => {
      if (now === minute) stop.abort(new Error('stopped'));
      return read(now);
    },
    change: { signal: stop.signal },
  });
  await expect(canary.run(params, context)).rejects.toThrow('stopped');
  // Through the text of a journal.
  return JSON.parse(JSON.stringify(looks())) as JournaledLook[];
}

const later = (minutes: number) => new TurnedClock(began + minutes * 60_000);

describe('an interrupted watch', () => {
  it('ends with the very counts of one that nobody interrupted', async () => {
    const whole = await watched({ read }).run();
    const before = await interruptedAt(12);
    const { run, told, clock } = watched({ read, before, clock: later(12) });
    expect(await run()).toEqual(whole);
    expect(told[0]?.text).toContain('goes on with a watch that broke off');
    expect(clock.now()).toBe(began + 45 * 60_000);
  });

  it('keeps its begin and its evidence over a break', async () => {
    const before = await interruptedAt(12);
    const { run } = watched({ read, before, clock: later(20) });
    const results = await run();
    expect(resultOf(results, 'canary/errors').n).toBe(45 * 50);
    expect(results[0]?.evidence).toMatchObject({ elapsedMs: 45 * 60_000 });
  });

  it('looks once more where its window ended meanwhile, and extends from there', async () => {
    const before = await interruptedAt(12);
    const { run, clock } = watched({ read, before, clock: later(600) });
    const results = await run();
    expect(clock.slept).toHaveLength(15);
    expect(results[0]).toMatchObject({ status: 'inconclusive', evidence: { extended: true } });
    const clean = watched({
      read: (minute) => reading(cohort(minute * 100)),
      before: [],
      clock: later(0),
    });
    expect((await clean.run())[0]?.status).toBe('pass');
  });

  it('that was red ends as it stood, without a further look', async () => {
    const bad = (minute: number) => reading(cohort(minute * 100, { bad: minute * 30 }));
    const first = watched({ read: bad });
    await first.run();
    const { run, told } = watched({
      read: (minute) => reading(cohort(minute * 100)),
      before: first.looks(),
      clock: later(9),
    });
    expect((await run())[0]).toMatchObject({ status: 'fail', band: 'red' });
    expect(told.filter(({ data }) => data?.reading !== undefined)).toEqual([]);
  });

  it('takes no notice of looks at another share', async () => {
    const before = await interruptedAt(12);
    const { context } = watched();
    const facts = { ...context.facts, sharedAt: began + 11.5 * 60_000 };
    const { run, told } = watched({ read, before, clock: later(12), change: { facts } });
    const results = await run();
    expect(told[0]?.text).not.toContain('broke off');
    expect(resultOf(results, 'canary/errors').n).toBe(45 * 50);
  });
});

describe('a watch that is repeated after a verdict', () => {
  it('begins anew', async () => {
    const before = (await interruptedAt(12)).map((look) => ({ ...look, interrupted: false }));
    const { run, told, clock } = watched({ read, before, clock: later(12) });
    await run();
    expect(told[0]?.text).not.toContain('broke off');
    expect(clock.now()).toBe(began + (12 + 45) * 60_000);
  });

  it('asks a source with history for what came since it began, the first one since the flip', async () => {
    const sinces: (number | undefined)[] = [];
    const asked = async (before: readonly JournaledLook[]) => {
      const { context, run } = watched({ before });
      const metrics = await context.services.metrics('production');
      const read: typeof metrics.read = async (query, signal) => {
        sinces.push(query.since);
        return metrics.read(query, signal);
      };
      context.services.metrics = async () => ({ ...metrics, read });
      await run();
      return new Set(sinces.splice(0));
    };
    expect(await asked([])).toEqual(new Set([began - 5_000]));
    const judged = (await interruptedAt(2)).map((look) => ({ ...look, interrupted: false }));
    expect(await asked(judged)).toEqual(new Set([began]));
  });
});

describe('the first look of a watch', () => {
  it('is what later counts are held against', async () => {
    const before = await interruptedAt(4);
    expect(firstLookOf({ looks: () => before }, 'canary')).toEqual(read(0));
    expect(firstLookOf({ looks: () => before }, 'ramp')).toBeNull();
  });

  it('is that of the last one', async () => {
    const first = await interruptedAt(4);
    const second = first.flatMap(({ data, ...look }) => {
      if (data.reading === undefined || data.elapsedMs === 0) return [];
      return [{ ...look, data: { ...data, begunAt: began + 1 } }];
    });
    expect(firstLookOf({ looks: () => [...first, ...second] }, 'canary')).toEqual(read(1));
  });
});
