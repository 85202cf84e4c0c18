import { describe, expect, it, vi } from 'vitest';
import { startRedis } from '../../src/stack/redis/start.ts';
import { ask, freshSession, paths, twoPieces } from './support/ask.ts';
import { useWorld } from './support/world.ts';

const world = useWorld();

describe('stub mode', () => {
  it.each([
    'AURORA_FAKE_MODE',
    'AURORA_USE_STUBS',
  ])('by %s: canned answers, nothing kept', async (name) => {
    const { url } = await world.start({ variables: { [name]: 'true' } });
    const health = await (await fetch(`${url}/api/health`)).json();
    expect(health).toMatchObject({ stubs: { active: true } });
    const sessionId = freshSession();
    const order = await ask(url, paths.orderStatus, { sessionId, orderNumber: 'GG-12345' });
    expect(order.body).toMatchObject({ orderNumber: 'GG-12345', currentStatus: 'delivered' });
    const rated = await ask(url, paths.csat, { sessionId, rating: 'great' });
    expect(rated.status).toBe(200);
    expect(await world.db.collection('csatFeedback').countDocuments({ sessionId })).toBe(0);
    expect(await world.events.collection('events').countDocuments({ sessionId })).toBe(0);
  });
});

describe('Redis', () => {
  it('away from the start: every request is answered, and the log says so once', async () => {
    const lines: string[] = [];
    const variables = { REDIS_URL: 'redis://127.0.0.1:1' };
    const { url } = await world.start({ variables, lines });
    const { status } = await ask(url, paths.products, { sessionId: freshSession() });
    expect(status).toBe(200);
    await vi.waitFor(() => {
      expect(lines.filter((line) => line.includes('session cache is away'))).toHaveLength(1);
    });
  });
  it('ending on the way: requests go on', async () => {
    const own = await startRedis({ port: 0 });
    const lines: string[] = [];
    const variables = { REDIS_URL: own.endpoints.redis ?? '' };
    const { url } = await world.start({ variables, lines });
    await ask(url, paths.products, { sessionId: freshSession() });
    await own.close();
    await vi.waitFor(() => expect(lines.join()).toContain('session cache is away'));
    const { status } = await ask(url, paths.products, { sessionId: freshSession() });
    expect(status).toBe(200);
  });
  it('remembers each session under its prefix for thirty days', async () => {
    const { url } = await world.start();
    const sessionId = freshSession();
    await ask(url, paths.products, { sessionId });
    const name = world.sessionKey(sessionId);
    await vi.waitFor(async () => expect(await world.redis.get(name)).not.toBeNull());
    const record = JSON.parse((await world.redis.get(name)) ?? '{}');
    expect(record).toMatchObject({ sessionId, lastIntent: 'find_product' });
    expect(await world.redis.ttl(name)).toBeGreaterThan(29 * 86_400);
  });
});

describe('the database', () => {
  it('away at the start: the concierge says so and does not start', async () => {
    const variables = { MONGODB_URI: 'mongodb://user:sesame@127.0.0.1:1/concierge' };
    const failure = await world.start({ variables }).catch((error: Error) => error);
    expect(String(failure)).toContain('the database does not answer');
    expect(String(failure)).not.toContain('sesame');
  });
  it('failing later: each endpoint has its own answer, and health tells', async () => {
    const { url } = await world.start({
      plugins: [
        (_app, { store }) => {
          const fail = () => Promise.reject(new Error('connection to the primary was lost'));
          Object.assign(store, {
            products: fail,
            addFeedback: fail,
            saveShortlist: fail,
            addTicket: fail,
            subscribe: fail,
            findOrder: fail,
            ping: fail,
          });
        },
      ],
    });
    const sessionId = freshSession();
    const contact = { email: 'guest@example.com' };
    const sms = { channel: 'sms', value: '+15551237890' };
    const asked: [string, Record<string, unknown>, number, string][] = [
      [paths.products, {}, 503, 'CATALOG_UNAVAILABLE'],
      [paths.csat, { rating: 'great' }, 500, 'CSAT_STORE_ERROR'],
      [paths.shortlist, { items: twoPieces }, 500, 'SHORTLIST_SAVE_FAILED'],
      [paths.stylist, { contact, summary: 'long enough a text' }, 503, 'CRM_UNAVAILABLE'],
      [paths.orderUpdates, { contact: sms, consent: true }, 500, 'SUBSCRIPTION_FAILED'],
      [paths.orderStatus, { orderNumber: 'GG-12001' }, 500, 'server.error'],
    ];
    for (const [path, body, status, code] of asked) {
      const answer = await ask(url, path, { sessionId, ...body });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.body.message).not.toContain('primary');
    }
    const health = await fetch(`${url}/api/health?check=db`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ checks: { database: 'unreachable' } });
  });
});
