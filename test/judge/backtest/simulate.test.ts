import { describe, expect, it } from 'vitest';
import {
  boundsFor,
  type Policy,
  type Simulated,
  simulateAll,
} from '../../../src/judge/backtest/backtest.ts';
import { Random } from '../../../src/judge/backtest/random.ts';
import { simulateWatch, situations } from '../../../src/judge/backtest/simulate.ts';
import { habitsOf, longerThan } from '../../../src/judge/backtest/traffic.ts';
import type { WatchReading } from '../../../src/judge/watching.ts';
import { products } from '../counts.ts';
import { shippedSlo } from '../readings.ts';
import { canary, plan, stream } from './canaries.ts';

const cohorts = (readings: readonly WatchReading[]) =>
  readings.flatMap(({ candidate, control }) => {
    if (control === null || 'error' in candidate || 'error' in control) throw new Error('unread');
    return [{ candidate, control }];
  });

describe('a simulated canary', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(canary('as good as now', 5)).toEqual(canary('as good as now', 5));
    expect(canary('as good as now', 5)).not.toEqual(canary('as good as now', 6));
  });

  it('looks when the gate does: from nought to the end of the extension', () => {
    const times = canary('as good as now').map(({ elapsedMs }) => elapsedMs);
    expect(times[0]).toBe(0);
    expect(times).toContain(stream.windowMs);
    expect(times.at(-1)).toBe(stream.windowMs + stream.extendMs);
    const uneven = { ...plan, everyMs: 7 * 60_000 };
    const [first] = situations;
    if (first === undefined) throw new Error('no situation');
    const other = simulateWatch(uneven, first, new Random(1)).map(({ elapsedMs }) => elapsedMs);
    expect(other).toContain(stream.windowMs);
  });

  it.each(situations.map(({ name }) => name))('counts what can be counted: %s', (name) => {
    let before = { requests: 0, sessions: 0 };
    for (const { candidate } of cohorts(canary(name))) {
      for (const { requests, errors, latency, sessions } of Object.values(candidate.endpoints)) {
        expect(errors).toBeLessThanOrEqual(requests);
        expect(latency.at(-1)).toEqual({ leMs: Number.POSITIVE_INFINITY, count: requests });
        const counts = latency.map(({ count }) => count);
        expect(counts).toEqual(counts.toSorted((x, y) => x - y));
        expect(sessions?.bad).toBeLessThanOrEqual(sessions?.n ?? 0);
      }
      const requests = candidate.endpoints[products]?.requests ?? 0;
      expect(requests).toBeGreaterThanOrEqual(before.requests);
      expect(candidate.sessions.n).toBeGreaterThanOrEqual(before.sessions);
      before = { requests, sessions: candidate.sessions.n };
    }
  });

  it('brings the sessions that were asked for, split as configured', () => {
    const end = cohorts(canary('as good as now')).find(
      (_, at, all) => at === all.length - 1 - stream.extendMs / plan.everyMs,
    );
    expect(end?.candidate.sessions.n).toBeGreaterThan(plan.sessions * 0.95);
    expect(end?.candidate.sessions.n).toBeLessThan(plan.sessions * 1.05);
    const all = (end?.candidate.sessions.n ?? 0) + (end?.control.sessions.n ?? 0);
    expect((end?.candidate.sessions.n ?? 0) / all).toBeCloseTo(0.05, 2);
  });

  it('is bad in the way that its name says, and in no other', () => {
    const shares = (name: string) => {
      const { candidate } = cohorts(canary(name)).at(-1) ?? {};
      if (candidate === undefined) throw new Error('no look');
      const { sessions, csat, endpoints } = candidate;
      const asked = endpoints[products];
      const within = asked?.latency.find(({ leMs }) => leMs === 300)?.count ?? 0;
      return {
        errors: sessions.bad / sessions.n,
        unhappy: csat.needsFollowUp / (csat.great + csat.needsFollowUp),
        slow: 1 - within / (asked?.requests ?? 1),
      };
    };
    const near = (share: number, to: number) => Math.abs(share - to) < 0.2 * to + 0.003;
    const cases = [
      ['as good as now', 0.001, 0.1, 0.01],
      ['4x errors (2 %)', 0.02, 0.1, 0.01],
      ['slow products (25 %)', 0.001, 0.1, longerThan(300, 0.25)],
      ['unhappy (30 %, not 10 %)', 0.001, 0.3, 0.01],
    ] as const;
    for (const [name, errors, unhappy, slow] of cases) {
      const seen = shares(name);
      expect(near(seen.errors, errors), `${name}: errors ${seen.errors}`).toBe(true);
      expect(near(seen.unhappy, unhappy), `${name}: unhappy ${seen.unhappy}`).toBe(true);
      expect(near(seen.slow, slow), `${name}: slow ${seen.slow}`).toBe(true);
    }
  });
});

function simulated(policies: readonly Policy[], runs: number): readonly Simulated[] {
  const run = simulateAll(policies, { ...plan, sessions: 3_000 }, { runs, seed: 7 });
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
  }
}

describe('the backtest of simulated canaries', () => {
  const now: Policy = { id: 'now', file: 'slo.yaml', slo: shippedSlo };
  const errorsOnly: Policy = {
    id: 'with',
    file: 'errors.yaml',
    slo: { ...shippedSlo, metrics: shippedSlo.metrics.filter(({ id }) => id === 'errors') },
  };
  const found = simulated([now, errorsOnly], 20);
  const of = (name: string) => found.find(({ situation }) => situation.name === name)?.standings;

  it('shows the shipped bands as they were proven to be', () => {
    for (const { situation, standings } of found) {
      const [own] = standings;
      expect(own?.notJudged, situation.name).toBe(0);
      expect(own?.cutOff, situation.name).toBe(0);
      expect(own?.falseAlarms.n, situation.name).toBe(0);
      expect(own?.missed.n, situation.name).toBe(0);
    }
    expect(of('as good as now')?.[0]?.green).toBeGreaterThanOrEqual(17);
    expect(of('4x errors (2 %)')?.[0]?.red).toBeGreaterThanOrEqual(19);
  });

  it('shows what other bands would miss: without the latency, slow products get through', () => {
    const [own, other] = of('slow products (25 %)') ?? [];
    expect(own?.red).toBe(20);
    expect(other?.missed).toMatchObject({ of: 20 });
    expect(other?.missed.n).toBeGreaterThanOrEqual(15);
  });

  it('knows a bound that only the other bands ask for', () => {
    const slo = {
      ...shippedSlo,
      metrics: shippedSlo.metrics.map((metric) =>
        metric.measure === 'latency' ? { ...metric, green: 321, red: 654 } : metric,
      ),
    };
    expect(boundsFor([now, { id: 'with', file: 'x', slo }])).toEqual(
      expect.arrayContaining([300, 321, 654]),
    );
  });
});

describe('the habits of customers', () => {
  it('are read from what was recorded', () => {
    const last = cohorts(canary('as good as now')).at(-1)?.candidate;
    if (last === undefined) throw new Error('no look');
    const habits = habitsOf(last);
    expect(habits?.asked[products]).toBeCloseTo(0.8, 1);
    expect(habits?.rated).toBeCloseTo(0.17, 1);
  });

  it('are not guessed from a handful of sessions', () => {
    const early = cohorts(canary('as good as now'))[0]?.candidate;
    expect(early === undefined ? undefined : habitsOf(early)).toBeNull();
  });
});
