import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ConciergePlugin } from '../../src/concierge/plugin.ts';
import { ask, freshSession, paths } from './support/ask.ts';
import { identity, useWorld } from './support/world.ts';

const world = useWorld();
let url = '';
beforeAll(async () => {
  url = (await world.start()).url;
});

async function look(address: string): Promise<Record<string, unknown>> {
  return (await (await fetch(address)).json()) as Record<string, unknown>;
}

async function prometheus(base: string): Promise<(name: string) => number> {
  const answer = await fetch(`${base}/api/metrics?format=prometheus`);
  const text = await answer.text();
  return (name) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}{`));
    return line === undefined ? Number.NaN : Number(line.split(' ').at(-1));
  };
}

describe('health', () => {
  it('tells build, slot and the literal values of both stub switches', async () => {
    const health = await look(`${url}/api/health`);
    expect(health).toMatchObject({
      status: 'ok',
      build: identity.build,
      environment: 'staging',
      slot: 'blue',
      stubs: { active: false, fakeMode: 'false', useStubs: 'false' },
      flags: 'live',
    });
    expect(health.checks).toBeUndefined();
    const checked = await look(`${url}/api/health?check=db`);
    expect(checked.checks).toEqual({ database: 'ok' });
  });
});

describe('health of a database that is away', () => {
  it('is 503 and says so, and an odd question is no error', async () => {
    const hangs: ConciergePlugin = (_app, { store }) => {
      Object.assign(store, { ping: () => Promise.reject(new Error('away')) });
    };
    const { url: own } = await world.start({ plugins: [hangs] });
    const answer = await fetch(`${own}/api/health?check=db`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'error',
      checks: { database: 'unreachable' },
    });
    for (const odd of [
      'check=a&check=b',
      'check=constructor',
      'check=',
      'check=db&sessionId[]=1',
    ]) {
      expect((await fetch(`${own}/api/health?${odd}`)).status).toBeLessThan(504);
    }
    expect((await fetch(`${own}/api/health?check=a&check=b`)).status).toBe(200);
    expect((await fetch(`${own}/api/metrics?format=a&format=b`)).status).toBe(200);
  });
});

describe('a line of the log', () => {
  it('has the six fields, build and session, and nothing else', async () => {
    const lines: string[] = [];
    const { url: own } = await world.start({ lines });
    const sessionId = freshSession();
    const { body } = await ask(own, paths.products, { sessionId });
    await vi.waitFor(() => expect(lines.some((line) => line.includes(sessionId))).toBe(true));
    const line = JSON.parse(lines.find((one) => one.includes(sessionId)) ?? '{}');
    expect(line).toEqual({
      build: identity.build,
      requestId: body.requestId,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      endpoint: paths.products,
      method: 'POST',
      statusCode: 200,
      duration: expect.any(Number),
      sessionId,
    });
  });
});

describe('metrics', () => {
  it('counts requests by exact status, sessions once, and ratings that count', async () => {
    const { url: own } = await world.start();
    const sessionId = freshSession();
    await ask(own, paths.products, { sessionId });
    await ask(own, paths.orderStatus, { sessionId, orderNumber: 'GG-00000' });
    await ask(own, paths.csat, { sessionId, rating: 'needs_follow_up' });
    await ask(own, paths.csat, { sessionId, rating: 'great' });
    await ask(own, paths.products, { sessionId: freshSession() }, { authorization: '' });
    const value = await prometheus(own);
    const text = await (await fetch(`${own}/api/metrics?format=prometheus`)).text();
    const label = `build="${identity.build}"`;
    expect(text).toContain(
      `concierge_http_requests_total{endpoint="${paths.orderStatus}",status="404",${label}} 1`,
    );
    expect(text).toContain(
      `concierge_http_requests_total{endpoint="${paths.products}",status="401",${label}} 1`,
    );
    expect(text).toMatch(/duration_seconds_bucket\{le="0\.45",[^}]*endpoint="/);
    expect(value('concierge_sessions_total')).toBe(1);
    expect(value('concierge_sessions_bad_total')).toBe(0);
    expect(text).toContain(`concierge_csat_total{rating="needs_follow_up",${label}} 1`);
    expect(text).toContain(`concierge_csat_total{rating="great",${label}} 0`);
  });
  it('counts a failing session as bad once, however often it fails', async () => {
    const broken = await world.start({
      plugins: [
        (app) => {
          app.addHook('preHandler', async (request) => {
            if (request.routeOptions.url === paths.products) throw new Error('broken on purpose');
          });
        },
      ],
    });
    const sessionId = freshSession();
    const first = await ask(broken.url, paths.products, { sessionId });
    expect([first.status, first.body.code]).toEqual([500, 'server.error']);
    expect(first.body.message).not.toContain('on purpose');
    await ask(broken.url, paths.products, { sessionId });
    await ask(broken.url, paths.csat, { sessionId: freshSession(), rating: 'great' });
    const value = await prometheus(broken.url);
    expect(value('concierge_sessions_total')).toBe(2);
    expect(value('concierge_sessions_bad_total')).toBe(1);
    expect(value('concierge_api_errors_total')).toBe(2);
    expect(value('concierge_api_error_rate')).toBeCloseTo(2 / 3);
  });
  it('sums up by route path', async () => {
    await ask(url, paths.products, { sessionId: freshSession() });
    const any = expect.any(Number);
    expect(await look(`${url}/api/metrics?format=summary`)).toMatchObject({
      summary: {
        [paths.products]: {
          latency: { count: any, p50: any, p95: any, p99: any, avg: any },
          errors: { count: 0, rate: 0 },
        },
      },
    });
    await ask(url, '/api/support/products', { sessionId: freshSession() }, { authorization: '' });
    const answer = await look(`${url}/api/metrics?format=summary`);
    const { summary } = answer as { summary: Record<string, { latency: { count: number } }> };
    expect(summary['/api/support/products']?.latency.count).toBeGreaterThan(0);
    expect(answer).toMatchObject({
      widget: { openRate: null },
      intents: { successRate: null },
      csat: { negativeShare: null },
      database: { count: any, p95: any, errors: 0 },
      process: { cpuShare: any, residentBytes: any, requestsPerMinute: any },
    });
    const { points } = await look(`${url}/api/metrics`);
    expect(points).toContainEqual(expect.objectContaining({ endpoint: paths.products }));
  });
});

describe('warm-up traffic', () => {
  it('is answered, but neither counted, limited, cached nor told to analytics', async () => {
    const { url: own } = await world.start();
    const sessionId = freshSession();
    const headers = { 'x-aurora-probe': 'warm-up' };
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => ask(own, paths.products, { sessionId }, headers)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const real = freshSession();
    await ask(own, paths.products, { sessionId: real });
    // Once the later real one has arrived, the earlier probes would have, too.
    const events = world.events.collection('events');
    await vi.waitFor(async () => {
      expect(await events.countDocuments({ sessionId: real })).toBe(1);
    });
    expect(await events.countDocuments({ sessionId })).toBe(0);
    expect((await prometheus(own))('concierge_sessions_total')).toBe(1);
    await vi.waitFor(async () =>
      expect(await world.redis.get(world.sessionKey(real))).not.toBeNull(),
    );
    expect(await world.redis.get(world.sessionKey(sessionId))).toBeNull();
  });
});

describe('ending', () => {
  it('loses no request of customers who leave when told to, and keeps the last events', async () => {
    const ending = await world.start();
    const sessions: string[] = [];
    const lost: string[] = [];
    const customer = async () => {
      for (let told = false; !told; ) {
        const sessionId = freshSession();
        const answer = await ask(ending.url, paths.products, { sessionId }).catch(String);
        if (typeof answer === 'string' || answer.status !== 200) {
          lost.push(typeof answer === 'string' ? answer : `status ${answer.status}`);
          return;
        }
        sessions.push(sessionId);
        told = answer.headers.get('connection') === 'close';
      }
    };
    const customers = Array.from({ length: 8 }, customer);
    await vi.waitFor(() => expect(sessions.length).toBeGreaterThan(50));
    const before = Date.now();
    await ending.close();
    expect(Date.now() - before).toBeLessThan(2_000);
    await Promise.all(customers);
    expect(lost).toEqual([]);
    const events = world.events.collection('events');
    expect(await events.countDocuments({ sessionId: { $in: sessions } })).toBe(sessions.length);
  });
  it('finishes a slow request that came before', async () => {
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const ending = await world.start({
      plugins: [
        (app) => {
          app.addHook('preHandler', async () => {
            begun();
            await new Promise((resolve) => setTimeout(resolve, 500));
          });
        },
      ],
    });
    const slow = ask(ending.url, paths.products, { sessionId: freshSession() });
    await started;
    await ending.close();
    expect((await slow).status).toBe(200);
  });
});
