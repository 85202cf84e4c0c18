import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ConciergeFormat,
  openConciergeMetrics,
} from '../../../src/services/metrics/concierge.ts';
import { parsePoints, recentLatency } from '../../../src/services/metrics/recent.ts';
import { driverWith, readySlot } from '../../checks/support/context.ts';
import { ask, freshSession, paths } from '../../concierge/support/ask.ts';
import { identity, useWorld } from '../../concierge/support/world.ts';

const world = useWorld();
const signal = AbortSignal.timeout(20_000);
const query = { environment: 'staging' as const, build: identity.build };
const lookups = 3;
const sessionsOf = { products: 1, orders: 1 };
let url = '';

beforeAll(async () => {
  url = (await world.start()).url;
  const sessionId = freshSession();
  await ask(url, paths.products, { sessionId });
  for (let i = 0; i < lookups; i += 1) {
    await ask(url, paths.orderStatus, { sessionId, orderNumber: 'GG-00000' });
  }
});

const open = (format: ConciergeFormat) =>
  openConciergeMetrics(
    driverWith('staging', [{ ...readySlot('staging', url), build: identity.build }]),
    { format },
  );

describe('a real concierge', () => {
  it('is judged by its counters, those of distinct sessions by endpoint too', async () => {
    const counters = await open('prometheus').read(query, signal);
    const orders = counters.endpoints[paths.orderStatus];
    expect(orders).toMatchObject({ requests: lookups, errors: 0 });
    expect(orders?.sessions).toMatchObject({ n: sessionsOf.orders, bad: 0 });
    expect(orders?.sessions?.slow.map(({ overMs }) => overMs)).toEqual([
      300, 400, 450, 500, 600, 650, 700,
    ]);
    expect(counters.endpoints[paths.products]?.sessions?.n).toBe(sessionsOf.products);
    expect(counters.unknown).toBeUndefined();
  });

  it.each(['json', 'summary'] as const)('is never judged by `%s`', async (format) => {
    await expect(open(format).read(query, signal)).rejects.toMatchObject({
      code: 'METRICS_NOT_COUNTED',
      remedy: expect.stringContaining('format: prometheus'),
    });
  });

  it('is foreseen from single requests, without what these do not hold', async () => {
    const { counts, durationMs, over } = await open('json').traffic(query, signal);
    expect(counts.endpoints[paths.orderStatus]).toMatchObject({ requests: lookups, errors: 0 });
    expect(counts.endpoints[paths.orderStatus]?.latency.at(-1)).toEqual({
      leMs: Number.POSITIVE_INFINITY,
      count: lookups,
    });
    expect(counts.unknown).toEqual(['sessions', 'csat']);
    expect(durationMs).toBeGreaterThan(0);
    expect(durationMs).toBeLessThan(60_000);
    expect(over).toBe(`its last ${lookups + 1} requests`);
  });

  it('is foreseen from its own sums, without a histogram', async () => {
    const { counts, durationMs } = await open('summary').traffic(query, signal);
    expect(counts.endpoints[paths.orderStatus]).toEqual({
      requests: lookups,
      errors: 0,
      latency: [],
    });
    expect(durationMs).toBe(3_600_000);
  });

  it('shows exact latencies that agree with its own sums', async () => {
    const recent = await open('prometheus').recentLatency?.(query, signal);
    const answer = await fetch(`${url}/api/metrics?format=summary`);
    const { summary } = (await answer.json()) as {
      summary: Record<string, { latency: Record<'count' | 'p50' | 'p95' | 'p99', number> }>;
    };
    expect(Object.keys(recent ?? {}).sort()).toEqual(Object.keys(summary).sort());
    for (const [path, { latency }] of Object.entries(summary)) {
      expect(recent?.[path]?.n).toBe(latency.count);
      expect(recent?.[path]?.p50).toBeCloseTo(latency.p50, 1);
      expect(recent?.[path]?.p95).toBeCloseTo(latency.p95, 1);
      expect(recent?.[path]?.p99).toBeCloseTo(latency.p99, 1);
    }
  });

  it('tells doctor when the configured format cannot judge', async () => {
    expect((await open('prometheus').health(signal)).detail).toBe('read from green');
    const { ok, detail } = await open('json').health(signal);
    expect({ ok, detail }).toEqual({
      ok: true,
      detail: 'read from green; `format: json` cannot judge a canary',
    });
  });

  it('is no data before the first request', async () => {
    const { url: fresh } = await world.start();
    const metrics = openConciergeMetrics(
      driverWith('staging', [{ ...readySlot('staging', fresh), build: identity.build }]),
      { format: 'json' },
    );
    await expect(metrics.traffic(query, signal)).rejects.toMatchObject({ code: 'NO_DATA' });
  });
});

describe('recent latency', () => {
  it('is the nearest rank of single requests', () => {
    const points = Array.from({ length: 100 }, (_, index) => ({
      timestamp: index,
      endpoint: '/a',
      statusCode: 200,
      duration: 100 - index,
    }));
    expect(recentLatency(parsePoints({ points }))).toEqual({
      '/a': { n: 100, p50: 50, p95: 95, p99: 99 },
    });
  });
});
