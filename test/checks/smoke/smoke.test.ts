import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CheckResult } from '../../../src/checks/check.ts';
import { smoke } from '../../../src/checks/smoke/smoke.ts';
import {
  candidate,
  contextWith,
  driverWith,
  environmentWith,
  readySlot,
  someServices,
  stable,
} from '../support/context.ts';
import type { Loopback, Received, Reply } from '../support/loopback.ts';
import { MemoryDatabase, sealedVault, secretsWith } from '../support/memory.ts';
import { apiKey, tinyConcierge } from './concierge.ts';

const variables = { CONCIERGE_API_KEY: 'vault:aurora-staging-api-key' };
const secrets = secretsWith({ 'aurora-staging-api-key#value': apiKey });
const open: Loopback[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function stage(bend?: (request: Received) => Reply | null | undefined) {
  const database = new MemoryDatabase();
  const server = await tinyConcierge(database, bend);
  open.push(server);
  const abort = new AbortController();
  const context = contextWith({
    signal: abort.signal,
    environments: {
      staging: environmentWith('staging', variables, server.url),
      production: environmentWith('production', {}),
    },
    services: someServices({
      secrets: async () => secrets,
      database: async () => database,
      driver: async (name) => driverWith(name, [readySlot('staging', `${server.url}/`)]),
    }),
  });
  const run = (given: object = {}) =>
    smoke.run(smoke.params.parse({ environment: 'staging', ...given }), context);
  return { database, server, context, abort, run };
}

const statuses = (results: readonly CheckResult[]) => results.map(({ status }) => status);
const named = (results: readonly CheckResult[], id: string) =>
  results.find((result) => result.id.endsWith(`/${id}`));

describe('smoke', () => {
  it("passes the plan's six interactions, keeps request ids and leaves nothing behind", async () => {
    const { database, server, run } = await stage();
    const results = await run();
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ['smoke/staging/environment/find-product', 'pass'],
      ['smoke/staging/environment/track-order', 'pass'],
      ['smoke/staging/environment/returns', 'pass'],
      ['smoke/staging/environment/capsule', 'pass'],
      ['smoke/staging/environment/stylist', 'pass'],
      ['smoke/staging/environment/csat', 'pass'],
    ]);
    expect(named(results, 'capsule')?.requestIds).toHaveLength(2);
    expect(results.flatMap(({ requestIds }) => requestIds ?? [])).toHaveLength(7);
    expect(named(results, 'csat')?.observed).toBe('csat_bar; event aurora_csat_submitted recorded');
    expect(database.orders.size + database.sessions.size + database.events.length).toBe(0);
    const sessions = new Set(server.received.map(({ body }) => body.sessionId));
    expect(sessions.size).toBe(6);
    for (const session of sessions) expect(session).toMatch(/^sess_smoke_[0-9a-f]{16}$/);
    expect(JSON.stringify(results)).not.toContain(apiKey);
  });

  it('passes twice in a row and side by side', async () => {
    const { database, run } = await stage();
    const both = await Promise.all([run(), run()]);
    expect(statuses([...both.flat(), ...(await run())])).toEqual(Array(18).fill('pass'));
    expect(database.orders.size).toBe(0);
  });

  it('asks the candidate slot itself when that is the target', async () => {
    const { context, run, server } = await stage();
    const environments = {
      ...context.environments,
      staging: environmentWith('staging', variables, 'http://127.0.0.1:9'),
    };
    const facts = { candidate, stable, slots: { staging: 'green' } } as const;
    const params = smoke.params.parse({ environment: 'staging', target: 'candidate-slot' });
    const results = await smoke.run(params, { ...context, environments, facts });
    expect(statuses(results)).toEqual(Array(6).fill('pass'));
    expect(server.received.every(({ path }) => path.startsWith('/api/'))).toBe(true);
    expect(statuses(await run({ target: 'candidate-slot' }))).toEqual(Array(6).fill('error'));
  });

  it('fails an answer that lacks a message, and says what was seen', async () => {
    const { run } = await stage(({ path }) =>
      path.endsWith('/orders/status')
        ? { headers: { 'x-request-id': 'req_x' }, body: { messages: [{ type: 'order_status' }] } }
        : undefined,
    );
    const results = await run();
    expect(results.filter(({ status }) => status !== 'pass')).toMatchObject([
      {
        id: 'smoke/staging/environment/track-order',
        status: 'fail',
        expected: 'order_status, csat_bar',
        observed: 'order_status; missing: csat_bar',
        requestIds: ['req_x'],
      },
    ]);
  });

  it('fails an error answer with its code', async () => {
    const { run } = await stage(({ path }) =>
      path.endsWith('/products')
        ? { status: 503, headers: { 'x-request-id': 'r' }, body: { code: 'CATALOG_UNAVAILABLE' } }
        : undefined,
    );
    expect(named(await run(), 'find-product')).toMatchObject({
      status: 'fail',
      observed: '/api/concierge/products answered 503 CATALOG_UNAVAILABLE',
    });
  });

  it('does not go on to the capsule when the shortlist is refused', async () => {
    const { run, server } = await stage(({ path }) =>
      path.endsWith('/shortlist')
        ? { status: 500, headers: { 'x-request-id': 'r' }, body: { code: 'SHORTLIST_SAVE_FAILED' } }
        : undefined,
    );
    expect(named(await run(), 'capsule')).toMatchObject({
      status: 'fail',
      observed: '/api/concierge/shortlist answered 500 SHORTLIST_SAVE_FAILED',
    });
    expect(server.received.some(({ path }) => path.endsWith('/capsule'))).toBe(false);
  });

  it('calls trouble with the connection an error, not a failure', async () => {
    const { run } = await stage(({ path }) => (path.endsWith('/stylist') ? null : undefined));
    const results = await run();
    expect(named(results, 'stylist')).toMatchObject({ status: 'error' });
    expect(named(results, 'csat')).toMatchObject({ status: 'pass' });
  });

  it('waits out a rate limit', async () => {
    let refused = 0;
    const { run } = await stage(({ path }) => {
      if (!path.endsWith('/products') || refused > 0) return undefined;
      refused += 1;
      return { status: 429, headers: { 'retry-after': '0.05' }, body: { code: 'rate.limit' } };
    });
    expect(statuses(await run())).toEqual(Array(6).fill('pass'));
    expect(refused).toBe(1);
  });

  it('is an error for everything while the key cannot be read, and touches nothing', async () => {
    const { context, database, server } = await stage();
    const services = { ...context.services, secrets: async () => sealedVault() };
    const params = smoke.params.parse({ environment: 'staging' });
    const results = await smoke.run(params, { ...context, services });
    expect(statuses(results)).toEqual(Array(6).fill('error'));
    expect(server.received).toEqual([]);
    expect(database.swept).toEqual([]);
  });

  it('says so when its traces cannot be removed', async () => {
    const { database, run } = await stage();
    database.removeTraces = async () => {
      throw new Error('write refused');
    };
    const results = await run();
    expect(results).toHaveLength(7);
    expect(results[6]).toMatchObject({
      id: 'smoke/staging/environment/traces',
      status: 'error',
      observed: 'could not be measured: write refused',
    });
  });

  it('removes its traces after an abort too, and then throws the reason', async () => {
    const { abort, database, run } = await stage(({ path }) => {
      if (path.endsWith('/stylist')) abort.abort(new Error('interrupted'));
      return undefined;
    });
    await expect(run()).rejects.toThrow('interrupted');
    expect(database.swept.length).toBeGreaterThan(0);
    await vi.waitFor(() => expect(database.orders.size).toBe(0));
  });
});
