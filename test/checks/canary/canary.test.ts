import { describe, expect, it } from 'vitest';
import { canary, ramp } from '../../../src/checks/canary/kinds.ts';
import type { CheckResult } from '../../../src/checks/check.ts';
import type { CheckContext } from '../../../src/checks/kind.ts';
import type { SlotStatus } from '../../../src/deploy/driver.ts';
import type { CohortCounters } from '../../../src/services/metrics/metrics.ts';
import { cohort, reading } from '../../judge/counts.ts';
import {
  candidate,
  contextWith,
  driverWith,
  readySlot,
  someServices,
  stable,
} from '../support/context.ts';
import { crashedSlot, metricsFrom, TurnedClock, unreachable } from '../support/watching.ts';

const params = {
  environment: 'production' as const,
  for: '30 min',
  every: '60 s',
  extend: '15 min',
  settle: '5 min',
  requireFeasible: false,
  slo: 'slo.yaml',
};

const facts = { candidate, stable, slots: { production: 'green' as const }, deployedAt: 1 };

const firstLaunch = { facts: { ...facts, stable: null } };

/** A context whose candidate has these counters at each look; the control is well. */
function contextOf(
  read: (look: number) => CohortCounters,
  given: Partial<CheckContext> = {},
  slots: () => readonly SlotStatus[] = () => [readySlot('production', 'http://127.0.0.1:9')],
) {
  const clock = new TurnedClock();
  const told: { text: string; data: unknown }[] = [];
  const metrics = metricsFrom((build, look) =>
    build === stable ? reading(cohort(look * 2_000)) : read(look),
  );
  const services = someServices({
    metrics: async () => metrics,
    driver: async () => ({ ...driverWith('production', []), slots: async () => slots() }),
  });
  const progress = (text: string, data?: unknown) => told.push({ text, data });
  return { clock, told, context: contextWith({ clock, services, facts, progress, ...given }) };
}

const run = (context: CheckContext) => canary.run(params, context);
const find = (results: readonly CheckResult[], id: string) => results.find((one) => one.id === id);
const isLook = (data: unknown) => typeof data === 'object' && data !== null && 'reading' in data;
const minutes = (clock: TurnedClock) => clock.slept.reduce((sum, ms) => sum + ms, 0) / 60_000;

describe('canary gate', () => {
  it('passes after the whole window when every gate is proven green', async () => {
    const { clock, context } = contextOf((look) => reading(cohort(look * 100)));
    const results = await run(context);
    expect(results[0]).toMatchObject({ id: 'canary', status: 'pass', band: 'green' });
    expect(find(results, 'canary/errors')).toMatchObject({
      status: 'pass',
      band: 'green',
      n: 3_000,
      observed: expect.stringMatching(
        /^0 of 3000 sessions \(0 %\), 95 % interval 0 % to 0.13 %, proven below 0.5 % \(E = .* >= 20\); stable build: 0 of 60000 sessions \(0 %\)$/,
      ),
    });
    expect(results).toHaveLength(10);
    expect(minutes(clock)).toBe(30);
  });

  it('watches the whole window although green was proven early', async () => {
    const { clock, context } = contextOf((look) => reading(cohort(look === 0 ? 0 : 50_000)));
    expect((await run(context))[0]?.status).toBe('pass');
    expect(clock.slept).toHaveLength(30);
  });

  it('loses an early green to a fault that begins late', async () => {
    const { context } = contextOf(
      (look) => reading(cohort(look * 30, { bad: Math.min(4, Math.max(0, look - 25)) })),
      firstLaunch,
    );
    const results = await run(context);
    expect(results[0]?.status).toBe('inconclusive');
    expect(find(results, 'canary/errors')).toMatchObject({ status: 'inconclusive', band: 'amber' });
  });

  it('fails at once when one metric is proven red', async () => {
    const { clock, context } = contextOf((look) => reading(cohort(look * 100, { bad: look * 20 })));
    const results = await run(context);
    expect(results[0]).toMatchObject({ status: 'fail', band: 'red' });
    expect(results[0]?.catastrophe).toBeUndefined();
    expect(find(results, 'canary/errors')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('proven above 0.5 %'),
    });
    expect(minutes(clock)).toBe(1);
  });

  it('fails when customers are less happy than with the stable build', async () => {
    const { context } = contextOf((look) =>
      reading(cohort(look * 30, { unhappy: Math.floor(look * 2) })),
    );
    const results = await run(context);
    expect(find(results, 'canary/csat')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('proven worse than the stable build'),
    });
  });

  it('judges by the bands alone at a first launch', async () => {
    const { context } = contextOf((look) => reading(cohort(look * 100)), firstLaunch);
    const results = await run(context);
    expect(results[0]).toMatchObject({ status: 'pass', evidence: { comparedWithControl: false } });
  });

  it('calls a catastrophe when half of the requests fail', async () => {
    const { clock, context } = contextOf((look) =>
      reading(cohort(look * 60, { errors: look * 20 })),
    );
    expect((await run(context))[0]).toMatchObject({ status: 'fail', catastrophe: true });
    expect(minutes(clock)).toBe(1);
  });

  it('calls a catastrophe when the slot crashed under customers', async () => {
    const { clock, context } = contextOf(
      () => reading(cohort(0)),
      {},
      () => [crashedSlot('production')],
    );
    expect((await run(context))[0]).toMatchObject({
      status: 'fail',
      catastrophe: true,
      evidence: { ended: 'exit 1' },
    });
    expect(clock.slept).toHaveLength(0);
  });

  it('holds when a metric has no samples, after one extension', async () => {
    const { clock, context } = contextOf(() => reading(cohort(0)));
    const results = await run(context);
    expect(results[0]).toMatchObject({ status: 'inconclusive', band: 'amber', n: 0 });
    expect(find(results, 'canary/errors')).toMatchObject({ status: 'inconclusive', n: 0 });
    expect(minutes(clock)).toBe(45);
  });

  it('accepts in the extension what becomes proven there', async () => {
    const { clock, context } = contextOf((look) => reading(cohort(look * 20)));
    const results = await run(context);
    expect(results[0]).toMatchObject({ status: 'pass' });
    expect(results[0]?.observed).toContain('(extended)');
    expect(minutes(clock)).toBe(34);
  });

  it('never lets a guard without samples hold it, and says what was not judged', async () => {
    const { context } = contextOf((look) => reading(cohort(look * 100)));
    const results = await run(context);
    expect(find(results, 'canary/stylist-latency')).toMatchObject({
      status: 'pass',
      band: 'amber',
      n: 0,
      observed: expect.stringContaining('could not be judged'),
    });
    expect(results[0]?.observed).toContain('stylist-latency');
  });

  it('counts from its own begin, not what the slot had counted before', async () => {
    const { context } = contextOf((look) => reading(cohort(5_000 + look * 100, { bad: 400 })));
    expect(find(await run(context), 'canary/errors')).toMatchObject({ status: 'pass', n: 3_000 });
  });

  it('goes on counting over a restart of the slot', async () => {
    const { context } = contextOf((look) =>
      look < 15 ? reading(cohort(look * 100), 'a') : reading(cohort((look - 15) * 100), 'b'),
    );
    expect(find(await run(context), 'canary/errors')).toMatchObject({ status: 'pass', n: 2_900 });
  });
});

describe('canary gate without metrics', () => {
  it('is an error when they stay away, and judges nothing', async () => {
    const { clock, context } = contextOf((look) => {
      if (look > 3) throw unreachable();
      return reading(cohort(look * 1_000));
    });
    const results = await run(context);
    // Guards too: what was not measured must not look like a pass.
    expect(results.map(({ status }) => status)).toEqual(Array(10).fill('error'));
    for (const { observed, band } of results) {
      expect(observed).toContain('no answer');
      expect(band).toBe('amber');
    }
    expect(minutes(clock)).toBe(45);
  });

  it('is an error when they never came', async () => {
    const { context } = contextOf(() => {
      throw unreachable();
    });
    expect((await run(context))[0]).toMatchObject({ status: 'error' });
  });

  it('goes on when they come back: a success resets the count', async () => {
    const { context } = contextOf((look) => {
      if (look > 3 && look < 20) throw unreachable();
      return reading(cohort(look * 100));
    });
    expect((await run(context))[0]).toMatchObject({ status: 'pass' });
  });

  it('is not green on numbers that are older than its last look', async () => {
    const { context } = contextOf((look) => {
      if (look > 44) throw unreachable();
      return reading(cohort(look * 15));
    });
    expect((await run(context))[0]).toMatchObject({ status: 'inconclusive' });
  });

  it('compares with nothing when the control could not be read', async () => {
    const metrics = metricsFrom((build, look) => {
      if (build === stable) throw unreachable();
      return reading(cohort(look * 100));
    });
    const { context } = contextOf(() => reading(cohort(0)));
    const services = { ...context.services, metrics: async () => metrics };
    expect((await run({ ...context, services }))[0]).toMatchObject({
      status: 'pass',
      evidence: { comparedWithControl: false },
    });
  });
});

describe('progress of a canary', () => {
  it('tells each look what is known of every metric and how long it will take', async () => {
    const { told, context } = contextOf((look) => reading(cohort(look * 20)));
    await run(context);
    const looks = told.filter(({ data }) => isLook(data));
    expect(looks).toHaveLength(35);
    expect(looks[10]?.data).toMatchObject({
      band: 'amber',
      windowMs: 1_800_000,
      metrics: {
        errors: {
          band: 'amber',
          n: 200,
          bad: 0,
          evidenceNeeded: 20,
          toGreen: 479,
          etaMs: 1_437_000,
        },
      },
    });
    expect(looks[10]?.text).toContain('errors amber 0/200, about 23 min 57 s to go');
  });

  it('holds only what JSON can hold, however large the evidence', async () => {
    const { told, context } = contextOf((look) => reading(cohort(look * 1_000_000)));
    await run(context);
    const data = told.at(-1)?.data;
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });
});

describe('rehearsal', () => {
  it('divides window, polling and extension, not the samples that are needed', async () => {
    const { clock, context } = contextOf((look) => reading(cohort(look * 20)), { timeScale: 60 });
    expect((await run(context))[0]).toMatchObject({ status: 'pass' });
    expect(clock.slept).toEqual(Array(34).fill(1_000));
  });
});

describe('ramp gate', () => {
  it('uses the same judge on the counts since the ramp, without a control', async () => {
    const { context } = contextOf((look) => reading(cohort(look * 1_000)));
    const given = ramp.params.parse({ environment: 'production', for: '3 min', every: '30 s' });
    const results = await ramp.run(given, context);
    expect(results[0]).toMatchObject({
      id: 'ramp',
      status: 'pass',
      evidence: { comparedWithControl: false },
    });
  });
});

describe('parameters', () => {
  it('have the shipped bands by default and refuse unknown words', () => {
    const { slo, settle, requireFeasible, ...rest } = params;
    expect(canary.params.parse(rest)).toEqual({ ...rest, slo, settle, requireFeasible });
    expect(canary.params.safeParse({ ...rest, percent: 5 }).success).toBe(false);
  });

  it('name a file of bands that must be right: PLAN_INVALID is thrown', async () => {
    const { context } = contextOf(() => reading(cohort(0)));
    const missing = canary.run({ ...params, slo: 'nowhere.yaml' }, context);
    await expect(missing).rejects.toMatchObject({ code: 'PLAN_INVALID' });
  });
});
