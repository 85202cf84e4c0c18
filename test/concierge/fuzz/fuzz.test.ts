import { generate, type JsonSchema } from 'json-schema-faker';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Held, readDescription } from '../contract/description.ts';
import type { Body } from '../support/ask.ts';
import { apiKey, useWorld } from '../support/world.ts';
import { asJson, hostileBodies, hostileValues, spoil } from './hostile.ts';
import { sendRaw } from './raw.ts';

const seed = 20_251_010;
const world = useWorld();
const lines: string[] = [];
let url = '';
let api: Held;
let pool: Pool;
let sent = 0;

beforeAll(async () => {
  url = (await world.start({ lines })).url;
  api = await readDescription(url);
  pool = new Pool(url, { connections: 8 });
});
afterAll(() => pool.close());

/** What no customer may ever read. */
const telling =
  /node_modules|\.[cm]?[jt]s:\d|\bat \S+ \(|\/(?:src|home|tmp|usr|root)\/|Mongo|FST_ERR/;

interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS' | 'TRACE';
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string | string[]>;
}

interface Came {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A customer of its own each time, so that limits stay out of it. */
async function send({ method = 'POST', path, body, headers = {} }: Sent): Promise<Came> {
  sent += 1;
  const answer = await pool.request({
    method,
    path,
    body: body ?? null,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      'x-forwarded-for': `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`,
      'x-idempotency-key': `idem-fuzz-${sent}`,
      ...headers,
    },
  });
  const pairs = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: new Headers(pairs as [string, string][]), text };
}

/** Refused in the API's own words, and nothing told about the inside. */
function holdRefusal(what: string, { status, text }: Came): void {
  expect(status, `${what}: ${text}`).toBeLessThan(500);
  expect(text, what).not.toMatch(telling);
  if (status < 400) return;
  expect(JSON.parse(text), what).toEqual({
    code: expect.any(String),
    message: expect.any(String),
    requestId: expect.any(String),
    ...(text.includes('"reason"') ? { reason: expect.any(String) } : {}),
  });
}

/** Bodies that the description allows; what takes time is long lists, so only a few are made. */
async function goodBodies(schema: JsonSchema, count: number): Promise<unknown[]> {
  const made: unknown[] = [];
  for (let n = 0; n < count; n += 1) {
    made.push(await generate(schema, { seed: seed + n, optionalsProbability: 0.6, maxItems: 4 }));
  }
  return made;
}

/** Runs all, a few at a time. */
async function each<Item>(items: readonly Item[], run: (item: Item) => Promise<void>) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

const posts = () =>
  Object.entries(api.description.paths).flatMap(([path, { post }]) =>
    post?.requestBody === undefined
      ? []
      : [{ path, schema: post.requestBody.content['application/json'].schema }],
  );

describe('whatever comes', () => {
  it('bodies made from the description, good and spoilt: answered as described, never a 5xx', async () => {
    const rounds = 100;
    const values = hostileValues(seed, rounds);
    const bodies: { path: string; body: unknown }[] = [];
    for (const { path, schema } of posts()) {
      const goods = await goodBodies(schema as JsonSchema, 12);
      for (let round = 0; round < rounds; round += 1) {
        // A session of its own each: how many come back within a minute must not depend on the machine.
        const sessionId = `sess_fuzz_${bodies.length}`;
        const good = { ...(goods[round % goods.length] as object), sessionId };
        bodies.push({ path, body: round < 20 ? good : spoil(good, values[round], round) });
      }
    }
    const statuses = new Map<number, number>();
    await each(bodies, async ({ path, body }) => {
      const came = await send({ path, body: asJson(body) });
      holdRefusal(`${path} ${asJson(body).slice(0, 300)}`, came);
      statuses.set(came.status, (statuses.get(came.status) ?? 0) + 1);
      if (came.text === '') return;
      const { status, headers, text } = came;
      api.hold('POST', path, { status, headers, body: JSON.parse(text) as Body });
    });
    // Else it would only have knocked at the door.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(300);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(300);
  }, 60_000);

  it('bodies that are none', async () => {
    const all = posts().flatMap(({ path }) => hostileBodies.map((one) => ({ path, one })));
    await each(all, async ({ path, one: [what, body] }) => {
      const came = await send({ path, body });
      holdRefusal(`${path}: ${what}`, came);
      expect(came.status, `${path}: ${what}`).toBeGreaterThanOrEqual(200);
    });
  }, 30_000);

  it('headers, methods, types and paths that are none', async () => {
    const body = '{"sessionId":"sess_123456"}';
    const long = 'x'.repeat(9_000);
    const headers: Record<string, string | string[]>[] = [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/xml' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': 'application/json; charset=utf-7' },
      { 'content-type': '' },
      { authorization: long },
      { authorization: `Basic ${apiKey}` },
      { authorization: `Bearer ${apiKey} ${apiKey}` },
      { 'x-session-id': long },
      { 'x-session-id': ['sess_123456', 'sess_654321'] },
      { 'x-session-id': 'sess_\t123456' },
      { 'x-request-id': long },
      { 'x-request-id': ['req_1', 'req_2'] },
      { 'x-request-id': '{"$gt":""}' },
      { 'x-idempotency-key': long },
      { 'x-idempotency-key': ['idem-12345', 'idem-67890'] },
      { 'x-api-version': 'v1, v2' },
      { 'x-api-version': long },
      { 'x-forwarded-for': `not an address, ${long}` },
      { 'x-forwarded-for': '::1, 127.0.0.1, ' },
      { 'x-aurora-probe': 'no-such-probe' },
      { cookie: `aurora_session=${long}; aurora_session=;;;==` },
      { 'accept-encoding': 'zip-bomb', accept: long },
      { 'content-encoding': 'gzip' },
      { host: 'evil.example' },
    ];
    const methods = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'] as const;
    const paths = [
      '/../../etc/passwd',
      '/widget/..%2f..%2fserver.mjs',
      '/widget/%2e%2e/%2e%2e/etc/passwd',
      '/widget/%00.js',
      `/widget/${long}.js`,
      '/api/%c0%ae%c0%ae/',
      '/%',
      '/api/support/products?limit=abc&tags[]=1&tags=2&priceMin=1e9&__proto__[x]=1',
      '/api/support/products?sessionId=sess_123456&limit=4&limit=5',
      '/api/health?check=db&check=widget',
      '/api/health?check[$gt]=',
      '/api/metrics?format=summary&format=prometheus',
      '/api/metrics?format=%00',
      '//api//concierge//products',
      '/widget.js?user=a&user=b',
      '/api/dashboard/support/tickets/..%2f',
    ];
    await each(posts(), async ({ path }) => {
      for (const one of headers) holdRefusal(path, await send({ path, body, headers: one }));
      for (const method of methods) {
        holdRefusal(`${method} ${path}`, await send({ method, path }));
      }
    });
    await each(paths, async (path) => holdRefusal(path, await send({ method: 'GET', path })));
  }, 30_000);

  it('bytes that are no HTTP', async () => {
    const post = (rest: string) => `POST /api/support/products HTTP/1.1\r\nhost: a\r\n${rest}`;
    const raw: (string | Buffer)[] = [
      'hello\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'BREW / HTTP/1.1\r\nhost: a\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n',
      post('content-length: -1\r\n\r\n'),
      post('content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
      post('content-length: 1\r\ncontent-length: 2\r\n\r\nxx'),
      post('transfer-encoding: chunked\r\n\r\nZZ\r\n'),
      post('x-control: a\u0001b\u0000c\r\n\r\n'),
      post(`x-long: ${'x'.repeat(40_000)}\r\n\r\n`),
      post(`${Array.from({ length: 3_000 }, (_, n) => `x-${n}: 1`).join('\r\n')}\r\n\r\n`),
      Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
    ];
    for (const bytes of raw) {
      const answer = await sendRaw(url, bytes);
      sent += 1;
      expect([String(bytes).slice(0, 60), answer]).toEqual([
        expect.any(String),
        expect.stringMatching(/^HTTP\/1\.1 4\d\d /),
      ]);
      expect(answer).not.toMatch(telling);
      expect(answer).toContain('"requestId"');
    }
  }, 30_000);

  it('leaves the server well, silent about errors, and was three thousand requests at least', async () => {
    const health = await fetch(`${url}/api/health?check=db`);
    expect([health.status, await health.json()]).toMatchObject([200, { status: 'ok' }]);
    expect(lines.filter((line) => / failed"/.test(line))).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    expect(sent).toBeGreaterThanOrEqual(3_000);
  });
});

describe('a body that does not come', () => {
  it('is waited for as long as the server is told to, and no longer', async () => {
    const slow = await world.start({
      plugins: [
        (app) => {
          app.server.requestTimeout = 400;
          app.server.headersTimeout = 400;
        },
      ],
    });
    const started = Date.now();
    const head = 'POST /api/support/products HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n';
    const answer = await sendRaw(slow.url, `${head}content-type: application/json\r\n\r\n{`, 8_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request\.timeout"/);
    expect(Date.now() - started).toBeLessThan(6_000);
  });
});
