import { beforeAll, describe, expect, it } from 'vitest';
import { ask, freshSession, paths, twoPieces } from './support/ask.ts';
import { apiKey, identity, useWorld } from './support/world.ts';

const world = useWorld();
const lines: string[] = [];
let url = '';
beforeAll(async () => {
  url = (await world.start({ lines })).url;
});

describe('access', () => {
  it('answers 401 without a key and 403 with a wrong one, and names the request', async () => {
    const body = { sessionId: freshSession() };
    const none = await ask(url, paths.products, body, { authorization: '' });
    expect([none.status, none.body.code]).toEqual([401, 'auth.missing']);
    expect(none.body.requestId).toBe(none.headers.get('x-request-id'));
    const wrong = await ask(url, paths.products, body, { authorization: 'Bearer nope' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.forbidden']);
  });
  it('lets the widget search without a key on its own path', async () => {
    const body = { sessionId: freshSession(), category: 'ring' };
    const answer = await ask(url, '/api/support/products', body, { authorization: '' });
    expect(answer.status).toBe(200);
    expect(answer.types).toContain('product_card');
  });
});

describe('request ids and versions', () => {
  it('keeps a sent id and makes one otherwise; every answer names the build', async () => {
    const body = { sessionId: freshSession() };
    const kept = await ask(url, paths.products, body, { 'x-request-id': 'req_of-the-client' });
    expect(kept.body.requestId).toBe('req_of-the-client');
    const made = await ask(url, paths.products, body, { 'x-request-id': 'not usable, \t at all' });
    expect(made.body.requestId).toMatch(/^req_[0-9a-f]{32}$/);
    expect(made.headers.get('x-aurora-build')).toBe(identity.build);
    const lost = await fetch(`${url}/nowhere`);
    expect(lost.headers.get('x-aurora-build')).toBe(identity.build);
    expect(await lost.json()).toMatchObject({ code: 'route.not_found' });
  });
  it('refuses another major version', async () => {
    const body = { sessionId: freshSession() };
    const other = await ask(url, paths.products, body, { 'x-api-version': 'v2' });
    expect([other.status, other.body.code]).toEqual([400, 'validation.api_version']);
    const same = await ask(url, paths.products, body, { 'x-api-version': 'v1' });
    expect(same.status).toBe(200);
  });
});

describe('sessions', () => {
  it('refuses a header that names another session than the body', async () => {
    const headers = { 'x-session-id': freshSession() };
    const { status, body } = await ask(url, paths.products, { sessionId: freshSession() }, headers);
    expect([status, body.code]).toEqual([400, 'validation.session']);
  });
  it('refuses a body without a session', async () => {
    const { status, body } = await ask(url, paths.products, { category: 'ring' });
    expect([status, body.code]).toEqual([400, 'validation.session']);
  });
  it('answers malformed JSON with 400 in the API’s own shape', async () => {
    const answer = await fetch(url + paths.products, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: '{"sessionId":',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'validation.body' });
  });
});

describe('idempotency', () => {
  const asked = () => ({ sessionId: freshSession(), orderNumber: 'GG-20005', option: 'return' });
  it.each([undefined, 'short', 'x'.repeat(65)])('demands a key: %s', async (key) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-idempotency-key': key };
    const { status, body } = await ask(url, paths.returns, asked(), headers);
    expect([status, body.code]).toEqual([400, 'IDEMPOTENCY_REQUIRED']);
  });
  it('replays status and body for the same key and body, and refuses another body', async () => {
    const body = asked();
    const headers = { 'x-idempotency-key': `idem-${freshSession()}` };
    const first = await ask(url, paths.returns, body, headers);
    const again = await ask(url, paths.returns, body, headers);
    expect(first.status).toBe(200);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    const other = await ask(url, paths.returns, { ...body, option: 'care' }, headers);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency.conflict']);
    const returns = world.db.collection('returns');
    expect(await returns.countDocuments({ orderNumber: body.orderNumber })).toBe(1);
  });
  it('replays a refusal too', async () => {
    const body = { ...asked(), orderNumber: 'GG-00000' };
    const headers = { 'x-idempotency-key': `idem-${freshSession()}` };
    const first = await ask(url, paths.returns, body, headers);
    const again = await ask(url, paths.returns, body, headers);
    expect(first.status).toBe(404);
    expect(again.body).toEqual(first.body);
  });
  it('does the work once when the same request comes many times at once', async () => {
    const sessionId = freshSession();
    const list = await ask(url, paths.shortlist, { sessionId, items: twoPieces });
    const { shortlistId } = list.body;
    const body = { sessionId, shortlistId, customerEmail: 'guest@example.com' };
    const headers = { 'x-idempotency-key': `idem-${sessionId}` };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(url, paths.capsule, body, headers)),
    );
    for (const { status, body: answered } of answers) {
      if (status !== 200) expect([status, answered.code]).toEqual([409, 'idempotency.running']);
    }
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await world.db.collection('capsuleHolds').countDocuments({ sessionId })).toBe(1);
  });
});

describe('rate limits', () => {
  it('tells a session its allowance and refuses the eleventh request at once', async () => {
    const sessionId = freshSession();
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => ask(url, paths.products, { sessionId })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    // A second may end in between, so that up to twenty pass.
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused[0]?.body.code).toBe('rate.limit');
    expect(answers[0]?.headers.get('x-ratelimit-limit')).toBe('60');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
  it('refuses an address its 121st request in a minute, whatever the session', async () => {
    const address = { 'x-forwarded-for': '203.0.113.77' };
    const statuses: number[] = [];
    // Enough for two windows, should a minute end in between.
    for (let block = 0; block < 25; block += 1) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          ask(url, paths.products, { sessionId: freshSession() }, address),
        ),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.slice(0, 120).includes(200)).toBe(true);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
  });
});

describe('log', () => {
  it('has one line for each request with exactly the agreed fields', async () => {
    const sessionId = freshSession();
    const { body } = await ask(url, paths.orderStatus, { sessionId, orderNumber: 'GG-12001' });
    const line = lines.map((text) => JSON.parse(text)).find((l) => l.requestId === body.requestId);
    expect(Object.keys(line).sort()).toEqual([
      'build',
      'duration',
      'endpoint',
      'method',
      'requestId',
      'sessionId',
      'statusCode',
      'timestamp',
    ]);
    expect(line).toMatchObject({ endpoint: paths.orderStatus, method: 'POST', statusCode: 200 });
    expect(lines.filter((text) => text.includes(String(body.requestId)))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain(apiKey);
  });
});
