import { describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/secret.ts';
import { metricsSchema } from '../../src/config/metrics-schema.ts';
import { openMetrics } from '../../src/config/open-metrics.ts';
import { openMongodb } from '../../src/services/database/mongodb.ts';
import { dispatcher, driverWith } from '../checks/support/context.ts';
import { loopback } from '../checks/support/loopback.ts';

const signal = AbortSignal.timeout(10_000);

function open(config: unknown, resolved: string[] = []) {
  return openMetrics(metricsSchema.parse(config), {
    name: 'production',
    dispatcher,
    resolve: async (reference, where) => {
      resolved.push(where);
      return new Secret('secret-of-a-test', JSON.stringify(reference));
    },
    driver: async () => driverWith('production', []),
    database: async () =>
      openMongodb({
        uri: new Secret('mongodb://127.0.0.1:9', 'env:URI'),
        databases: { staging: 'a', production: 'b' },
        events: { database: 'e', collection: 'events' },
      }),
  });
}

const prometheus = { kind: 'prometheus', url: 'http://127.0.0.1:9090' };
const mongodb = { kind: 'mongodb' };

describe('the metrics of an environment', () => {
  it('are those of each slot, by their counters, when nothing more is said', async () => {
    const metrics = await open({ kind: 'concierge' });
    expect(metrics).toMatchObject({ label: expect.stringContaining('concierge'), lagMs: 0 });
  });

  it('may be the answers that cannot judge', async () => {
    const query = { environment: 'production' as const, build: 'c' };
    const metrics = await open({ kind: 'concierge', format: 'summary' });
    await expect(metrics.read(query, signal)).rejects.toMatchObject({
      code: 'METRICS_NOT_COUNTED',
    });
  });

  it('may come from Prometheus, with a lag that covers the usual scrape interval', async () => {
    expect((await open(prometheus)).lagMs).toBe(30_000);
    expect((await open({ ...prometheus, lag: '75 s' })).lagMs).toBe(75_000);
  });

  it('may come from the events, and from both', async () => {
    expect(await open(mongodb)).toMatchObject({ lagMs: 300_000 });
    const both = await open({ kind: 'several', sources: [prometheus, mongodb] });
    expect(both).toMatchObject({
      lagMs: 30_000,
      label: expect.stringMatching(/prometheus.* and events/),
    });
  });

  it('take the names that differ and leave the others', async () => {
    const server = await loopback(() => ({ status: 500, body: {} }));
    const metrics = await open({
      ...prometheus,
      url: server.url,
      environment: { env: 'prod' },
      names: { requests: 'own_requests', csat: null },
      labels: { build: 'version' },
    });
    expect(await metrics.health(signal)).toMatchObject({ ok: false });
    await server.close();
  });

  it('resolve their secrets, naming where each is configured', async () => {
    const resolved: string[] = [];
    await open({ ...prometheus, auth: { token: { env: 'TOKEN' } } }, resolved);
    await open({ ...prometheus, auth: { user: 'u', password: { vault: 'a#b' } } }, resolved);
    expect(resolved).toEqual([
      'environments/production/metrics/auth/token',
      'environments/production/metrics/auth/password',
    ]);
  });

  it.each([
    ['a literal token', { ...prometheus, auth: { token: 'abc' } }],
    ['a user in the address', { ...prometheus, url: 'http://u:p@127.0.0.1' }],
    ['a lag that is no duration', { ...prometheus, lag: 'soon' }],
    ['a metric name with more in it', { ...prometheus, names: { csat: 'a{b="c"}' } }],
    [
      'a source without history among several',
      { kind: 'several', sources: [{ kind: 'concierge' }] },
    ],
    ['several that are none', { kind: 'several', sources: [] }],
    ['an unknown kind', { kind: 'graphite' }],
  ])('refuse %s', (_, config) => {
    expect(metricsSchema.safeParse(config).success).toBe(false);
  });

  it('fail to open where a credential is missing', async () => {
    const config = metricsSchema.parse({ ...prometheus, auth: { token: { env: 'TOKEN' } } });
    const opening = openMetrics(config, {
      name: 'staging',
      dispatcher,
      resolve: async (_, where) => {
        throw new AuroraError('CREDENTIAL_MISSING', 'not set', { where });
      },
      driver: async () => driverWith('staging', []),
      database: () => Promise.reject(new Error('not asked')),
    });
    await expect(opening).rejects.toMatchObject({ code: 'CREDENTIAL_MISSING' });
  });
});
