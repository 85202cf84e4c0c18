import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ramp } from '../../../src/checks/canary/kinds.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import type { JournalEntry } from '../../../src/release/events.ts';
import { resumeRelease, startRelease } from '../../../src/release/run-release.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { digests, effect, rollbackPhases, step, World } from '../../release/world.ts';
import { metricsFrom } from '../support/watching.ts';
import { flagAt, watched } from './watched.ts';

const given = ramp.params.parse({ environment: 'production', for: '10 min', every: '60 s' });

describe('a stage of the ramp', () => {
  const at = (percent: number, stage = percent) => {
    const { context, ...rest } = watched({ flag: () => flagAt(percent) });
    return { ...rest, context: { ...context, facts: { ...context.facts, percent, stage } } };
  };

  it('is judged beside the stable build, under its own name', async () => {
    const { context } = at(25);
    const metrics = metricsFrom((build, look) =>
      reading(cohort(look * (build === context.facts.stable ? 300 : 100))),
    );
    const services = { ...context.services, metrics: async () => metrics };
    const results = await ramp.run(given, { ...context, services });
    expect(results[0]).toMatchObject({
      id: 'ramp-25',
      status: 'pass',
      evidence: { watch: 'ramp-25', share: 0.25, comparedWithControl: true },
    });
    expect(results[1]?.id).toBe('ramp-25/errors');
  });

  it('is judged alone where the candidate has all customers, and says so', async () => {
    expect((await ramp.run(given, at(100).context))[0]).toMatchObject({
      id: 'ramp',
      status: 'pass',
      observed: expect.stringContaining('no control: the candidate has all customers'),
    });
  });

  it('is watched where the journal does not tell that it was green', async () => {
    const { context, clock } = at(50, 25);
    const [verdict] = await ramp.run(given, context);
    expect(verdict?.id).toBe('ramp-25');
    expect(clock.slept.length).toBeGreaterThan(9);
  });
});

const production = { environment: 'production' };
const rules = {
  fail: 'hold',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;

/** Three stages, each given, and then judged. */
const stages = step(
  2,
  [25, 50, 100].flatMap((percent) => [
    effect('set-cohort', { ...production, percent }),
    {
      type: 'check' as const,
      kind: 'ramp',
      params: { ...production, for: '60 s', every: '10 s', extend: '10 s' },
    },
  ]),
  rules,
);

const toProduction = step(1, [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
  { type: 'check', kind: 'flag-state', params: { ...production, ...flagParams(5) } },
]);

function flagParams(candidatePercent: number) {
  return { flag: 'AURORA_WIDGET_ENABLED', candidatePercent };
}

describe('a ramp with stages', () => {
  let world: World;
  beforeEach(async () => {
    world = await new World().open();
  });
  afterEach(() => world.close());

  /** The share of the customers as the flag has it. */
  const share = () =>
    world.flag('AURORA_WIDGET_ENABLED').strategies.find((one) => one.cohort === 'candidate')
      ?.percent ?? 0;
  const shares = () =>
    world.acts
      .filter((act) => act.startsWith('cohort'))
      .map((act) => Number(act.split(' ').at(-1)));

  /** An engine whose customers are counted by the share they have; `ill` is what fails in a look. */
  function engineOf(ill: (percent: number) => { bad?: number } = () => ({})) {
    const totals = { candidate: 0, stable: 0, bad: 0 };
    const metrics = metricsFrom((build) => {
      const percent = share();
      if (build === digests.stable) {
        totals.stable += (100 - percent) * 20;
        return reading(cohort(totals.stable));
      }
      totals.candidate += percent * 20;
      totals.bad += ill(percent).bad ?? 0;
      return reading(cohort(totals.candidate, { bad: totals.bad }));
    });
    const services = { ...world.services(), metrics: async () => metrics };
    const engine = world.engine([toProduction, stages], rollbackPhases, {
      timeScale: 1_000,
      services,
    });
    return { ...engine, plan: { ...engine.plan, directory: shippedChecklists() } };
  }

  const ids = (entries: readonly JournalEntry[]) =>
    entries.flatMap((entry) =>
      entry.type === 'check.done' && entry.data.step === 2 ? [entry.data.result.id] : [],
    );

  it('is judged at each of them, and no result stands for two', async () => {
    const engine = engineOf();
    const { exit } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(0);
    expect(shares()).toEqual([5, 25, 50, 100]);
    const told = ids(engine.entries);
    expect(told.filter((id) => !id.includes('/'))).toEqual(['ramp-25', 'ramp-50', 'ramp']);
    expect(new Set(told).size).toBe(told.length);
  });

  it('pauses at the share that it has, and goes on there and not from the first again', async () => {
    // Too few bad ones to be red, too many to be green.
    const { exit, release } = await startRelease(
      engineOf((percent) => ({ bad: percent === 50 ? 4 : 0 })),
      '1.4.0',
    );
    expect([exit, share()]).toEqual([4, 50]);
    const engine = engineOf();
    const resumed = await resumeRelease(engine, release);
    expect(resumed.exit).toBe(0);
    expect(shares()).toEqual([5, 25, 50, 100]);
    expect(ids(engine.entries).filter((id) => !id.includes('/'))).toEqual([
      'ramp-25',
      'ramp-50',
      'ramp',
    ]);
    const passed = resumed.state.steps.get(2)?.checks.find(({ id }) => id === 'ramp-25');
    expect(passed?.observed).toContain('before the share went on to 50 %: not watched again');
  });

  it('is put right by the next attempt where somebody lowered the share meanwhile', async () => {
    const { release } = await startRelease(
      engineOf((percent) => ({ bad: percent === 50 ? 4 : 0 })),
      '1.4.0',
    );
    for (const strategy of world.flag('AURORA_WIDGET_ENABLED').strategies) {
      if (strategy.cohort === 'candidate') Object.assign(strategy, { percent: 5 });
    }
    const engine = engineOf();
    expect((await resumeRelease(engine, release)).exit).toBe(0);
    expect(shares()).toEqual([5, 25, 50, 25, 50, 100]);
    // Customers left and came again: each stage is judged anew.
    const looks = engine.entries.filter(
      (entry) => entry.type === 'watch.progress' && entry.data.data?.watch === 'ramp-25',
    );
    expect(looks.length).toBeGreaterThan(5);
  });
});
