import { beforeAll, describe, expect, it } from 'vitest';
import { deprecationHeaders } from '../../../src/concierge/http/operation.ts';
import { RateLimiter, tighter } from '../../../src/concierge/http/rate-limit.ts';
import { type Held, readDescription } from '../contract/description.ts';
import { freshSession, paths } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let api: Held;
beforeAll(async () => {
  api = await readDescription((await world.start()).url);
});

const allowanceIn = ({ headers }: { readonly headers: Headers }) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));

describe('every answer of the API', () => {
  it('counts the session down, and says when it is full again', async () => {
    const sessionId = freshSession();
    const first = await api.ask(paths.products, { sessionId });
    const second = await api.ask('/api/support/csat', { sessionId, rating: 5 });
    const [limit, remaining, reset] = allowanceIn(first);
    expect([limit, remaining]).toEqual(['60', '59']);
    expect(Number(reset)).toBeGreaterThan(0);
    expect(Number(reset)).toBeLessThanOrEqual(60);
    // A minute may end in between.
    expect(['58', '59']).toContain(allowanceIn(second)[1]);
  });
  it('tells the allowance, the version and the request with 400, 401, 403, 404 and 413, too', async () => {
    const sessionId = freshSession();
    const asked: [number, Record<string, unknown>, Record<string, string>][] = [
      [400, { sessionId }, {}],
      [400, { sessionId, orderNumber: 'GG-12001' }, { 'x-api-version': 'v9' }],
      [400, { sessionId, orderNumber: 'GG-12001' }, { 'x-session-id': 'no session' }],
      [401, { sessionId }, { authorization: '' }],
      [403, { sessionId }, { authorization: 'Bearer wrong' }],
      [404, { sessionId, orderNumber: 'GG-00000' }, {}],
      [413, { sessionId, orderNumber: 'x'.repeat(300_000) }, {}],
    ];
    for (const [status, body, headers] of asked) {
      const answer = await api.ask(paths.orderStatus, body, headers);
      expect(answer.status).toBe(status);
      expect(allowanceIn(answer)).not.toContain(null);
      expect(answer.headers.get('x-api-version')).toBe('v1');
    }
  });
  it('says how long to wait when it is one too many', async () => {
    const sessionId = freshSession();
    const all = await Promise.all(
      Array.from({ length: 25 }, () => api.ask(paths.products, { sessionId })),
    );
    const refused = all.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(
      new Set(['1']),
    );
  });
  it('counts guesses of the key against the address', async () => {
    const headers = { authorization: 'Bearer guess', 'x-forwarded-for': '203.0.113.9' };
    const statuses: number[] = [];
    // Enough for two windows, should a minute end in between.
    for (let block = 0; block < 25; block += 1) {
      const guesses = Array.from({ length: 10 }, () =>
        api.ask(paths.csat, { sessionId: freshSession() }, headers),
      );
      statuses.push(...(await Promise.all(guesses)).map(({ status }) => status));
    }
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
  });
});

describe('the allowance', () => {
  it('is the one that ends first', () => {
    const limits = { sessionPerMinute: 3, addressPerMinute: 2, sessionPerSecond: 9 };
    const limiter = new RateLimiter(limits, () => 120_500);
    limiter.countAddress('10.0.0.1');
    const address = limiter.countAddress('10.0.0.1').allowance;
    const session = limiter.countSession('sess_1').allowance;
    expect(tighter(session, address)).toEqual({ limit: 2, remaining: 0, resetSeconds: 60 });
    expect(tighter(session, null)).toEqual({ limit: 3, remaining: 2, resetSeconds: 60 });
  });
});

describe('an endpoint that will go', () => {
  it('says since when, until when, and where to read on', () => {
    const since = new Date('2026-01-01T00:00:00Z');
    const sunset = new Date('2026-04-01T00:00:00Z');
    const link = 'https://glowglitch.com/api/changes';
    expect(deprecationHeaders({ since, sunset, link })).toEqual({
      deprecation: '@1767225600',
      sunset: 'Wed, 01 Apr 2026 00:00:00 GMT',
      link: '<https://glowglitch.com/api/changes>; rel="deprecation"',
    });
  });
});
