import { describe, expect, it } from 'vitest';
import { AuroraError } from '../../../src/base/errors.ts';
import type { CohortCounters, MetricsService } from '../../../src/services/metrics/metrics.ts';
import { openSeveralMetrics } from '../../../src/services/metrics/several.ts';

const signal = new AbortController().signal;
const query = { environment: 'production' as const, build: 'c', since: 1 };

const requests: CohortCounters = {
  at: 100,
  since: 1,
  epoch: 'history',
  endpoints: { '/a': { requests: 5, errors: 1, latency: [] } },
  sessions: { n: 4, bad: 1 },
  csat: { great: 0, needsFollowUp: 0 },
  unknown: ['csat'],
};
const ratings: CohortCounters = {
  at: 50,
  since: 1,
  epoch: 'history',
  endpoints: {},
  sessions: { n: 0, bad: 0 },
  csat: { great: 7, needsFollowUp: 2 },
  unknown: ['endpoints', 'sessions'],
};

const source = (
  label: string,
  lagMs: number,
  read: () => Promise<CohortCounters>,
): MetricsService => ({
  label,
  lagMs,
  read,
  traffic: async () => ({ counts: await read(), durationMs: 10, over: 'the last hour' }),
  health: async () => ({ ok: label !== 'sick', detail: 'seen', remedy: 'Cure it.' }),
});
const of = (label: string, lagMs: number, counters: CohortCounters) =>
  source(label, lagMs, async () => counters);

describe('several sources', () => {
  it('give each part from the first that counts it', async () => {
    const both = openSeveralMetrics([of('one', 30, requests), of('two', 300, ratings)]);
    expect(both.label).toBe('one and two');
    expect(both.lagMs).toBe(30);
    const { unknown: _, ...counted } = requests;
    expect(await both.read(query, signal)).toEqual({ ...counted, csat: ratings.csat });
    expect(await both.traffic(query, signal)).toMatchObject({
      durationMs: 10,
      counts: { sessions: { n: 4, bad: 1 }, csat: ratings.csat },
    });
  });

  it('say what none of them counts', async () => {
    const answer = await openSeveralMetrics([of('two', 1, ratings)]).read(query, signal);
    expect(answer.unknown).toEqual(['endpoints', 'sessions']);
  });

  it('fail with the one that fails: nothing else counts in its place', async () => {
    const away = source('away', 1, () =>
      Promise.reject(new AuroraError('SERVICE_UNREACHABLE', 'no answer')),
    );
    const both = openSeveralMetrics([of('one', 1, requests), away]);
    await expect(both.read(query, signal)).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' });
  });

  it('are as well as the worst of them', async () => {
    const both = openSeveralMetrics([of('one', 1, requests), of('sick', 1, ratings)]);
    expect(await both.health(signal)).toEqual({
      ok: false,
      detail: 'one: seen; sick: seen',
      remedy: 'Cure it.',
    });
  });
});
