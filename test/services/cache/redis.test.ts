import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { CacheService } from '../../../src/services/cache/cache.ts';
import { openRedis } from '../../../src/services/cache/redis.ts';
import { prefixPattern } from '../../../src/services/cache/redis-prefix.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';

const password = 'cache-password-4711';
const prefixes = { staging: 'aurora:staging:session:', production: 'aurora:production:session:' };
const never = new AbortController().signal;

let part: RunningPart;
let redis: Redis;
const opened: CacheService[] = [];
const servers: Server[] = [];

function open(address: string, names = prefixes): CacheService {
  const cache = openRedis({ url: new Secret(address, 'env:REDIS_URL'), prefixes: names });
  opened.push(cache);
  return cache;
}
const withPassword = (word: string) => part.endpoints.redis?.replace('//', `//:${word}@`) ?? '';

beforeEach(async () => {
  part = await startRedis({ port: 0, password });
  redis = new Redis(withPassword(password));
  redis.on('error', () => undefined);
});
afterEach(async () => {
  redis.disconnect();
  for (const cache of opened.splice(0)) await cache.close();
  for (const server of servers.splice(0)) server.close();
  await part.close();
});

/** A server that takes connections and says `text` to each of them, or nothing. */
async function talker(text: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (text !== '') socket.write(text);
    socket.unref();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `redis://:${password}@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The error of a promise, with the proof that it tells no secret. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const shown = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`;
  expect(shown).not.toContain(password);
  expect(shown).not.toContain('wrong-password');
  return error;
}

async function fill(prefix: string, count: number): Promise<void> {
  const pipeline = redis.pipeline();
  for (let i = 0; i < count; i += 1) pipeline.set(`${prefix}${i}`, '{}', 'EX', 600);
  await pipeline.exec();
}

describe('clearing the session cache', () => {
  it('removes every session of the environment and nothing else', async () => {
    await fill(prefixes.production, 2_500);
    await fill(prefixes.staging, 30);
    await redis.set('aurora:production:lease', 'x');
    const cache = open(withPassword(password));
    expect(await cache.count('production', never)).toBe(2_500);
    expect(await cache.clear('production', never)).toBe(2_500);
    expect(await cache.count('production', never)).toBe(0);
    expect(await cache.count('staging', never)).toBe(30);
    expect(await redis.get('aurora:production:lease')).toBe('x');
  });

  it('gives 0 when there is nothing, again and again', async () => {
    const cache = open(withPassword(password));
    expect(await cache.clear('staging', never)).toBe(0);
    expect(await cache.clear('staging', never)).toBe(0);
  });

  it('takes a thousand keys in one step', async () => {
    await fill(prefixes.production, 2_000);
    await fill(prefixes.staging, 1_000);
    const target = Number(new URL(part.endpoints.redis ?? '').port);
    let scans = 0;
    const between = createServer((socket) => {
      socket.on('data', (chunk) => {
        scans += chunk.toString('latin1').match(/\r\nscan\r\n/gi)?.length ?? 0;
      });
      socket.pipe(connect(target, '127.0.0.1')).pipe(socket);
    });
    servers.push(between);
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const { port } = between.address() as AddressInfo;
    const cache = open(`redis://:${password}@127.0.0.1:${port}`);
    expect(await cache.clear('production', never)).toBe(2_000);
    expect(scans).toBeGreaterThanOrEqual(3);
    expect(scans).toBeLessThanOrEqual(4);
  });

  it('takes glob characters in a prefix literally', async () => {
    await fill('a[b]*?\\:', 3);
    await redis.set('ab-anything:1', 'x');
    const cache = open(withPassword(password), { staging: 'a[b]*?\\:', production: 'other:' });
    expect(await cache.clear('staging', never)).toBe(3);
    expect(await redis.dbsize()).toBe(1);
    expect(prefixPattern('a*')).toBe('a\\**');
  });

  it.each([
    [{ staging: '', production: 'p:' }, 'every key'],
    [{ staging: 'aurora:', production: 'aurora:production:' }, 'one prefix begins with the other'],
    [{ staging: 'same:', production: 'same:' }, 'one prefix begins with the other'],
  ])('refuses prefixes that reach too far: %j', (names, message) => {
    expect(() => open(withPassword(password), names)).toThrow(message);
  });
});

describe('a session cache that fails', () => {
  it.each([
    'http://127.0.0.1:1',
    'not an address secret-part',
    'redis:///7',
  ])('refuses the address %s by its source, not its value', (address) => {
    expect(() => open(address)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', where: 'env:REDIS_URL' }),
    );
  });

  it('is told at once when nobody listens', async () => {
    const address = withPassword(password);
    await part.close();
    const cache = open(address);
    const began = performance.now();
    expect(await failure(cache.clear('production', never))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      where: `redis ${part.endpoints.redis}`,
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('is told after two seconds when it hangs', async () => {
    const began = performance.now();
    expect(await failure(open(await talker('')).clear('production', never))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('2000 ms'),
    });
    expect(performance.now() - began).toBeLessThan(3_500);
  });

  it('is told when it falls silent in the middle', async () => {
    const target = Number(new URL(part.endpoints.redis ?? '').port);
    let silent = false;
    const between = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      socket.on('error', () => undefined).pipe(onward);
      onward.on('data', (chunk) => silent || socket.write(chunk));
    });
    servers.push(between);
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const { port } = between.address() as AddressInfo;
    const url = new Secret(`redis://:${password}@127.0.0.1:${port}`, 'env:REDIS_URL');
    const cache = openRedis({ url, prefixes, timeoutMs: 200 });
    opened.push(cache);
    expect(await cache.count('production', never)).toBe(0);
    silent = true;
    for (const work of [cache.clear('production', never), cache.count('production', never)]) {
      expect(await failure(work)).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    }
  });

  it('is told when it talks nonsense', async () => {
    const error = await failure(
      open(await talker('HTTP/1.1 400 Bad\r\n\r\n')).count('staging', never),
    );
    expect(error).toMatchObject({ code: 'SERVICE_ANSWER_INVALID' });
  });

  it('is told when the password is wrong, without showing it', async () => {
    const error = await failure(open(withPassword('wrong-password')).count('staging', never));
    expect(error).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('WRONGPASS'),
      remedy: expect.stringContaining('password'),
    });
  });

  it('is told when a password is needed', async () => {
    const error = await failure(open(part.endpoints.redis ?? '').count('staging', never));
    expect(error).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('NOAUTH'),
    });
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const work = failure(open(await talker('')).clear('production', stop.signal));
    stop.abort(new Error('interrupted by a person'));
    expect(await work).toMatchObject({ message: 'interrupted by a person' });
  });

  it('is used again once it is back', async () => {
    const port = Number(new URL(part.endpoints.redis ?? '').port);
    const cache = open(withPassword(password));
    expect(await cache.count('staging', never)).toBe(0);
    redis.disconnect();
    await part.close();
    await failure(cache.count('staging', never));
    part = await startRedis({ port, password });
    expect(await cache.count('staging', never)).toBe(0);
  });
});

describe('health of the session cache', () => {
  it('names the version', async () => {
    expect(await open(withPassword(password)).health(never)).toEqual({
      ok: true,
      detail: 'Redis 7.0.15, answers',
    });
  });

  it('says what is wrong and never throws', async () => {
    expect(await open(withPassword('wrong-password')).health(never)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('WRONGPASS'),
      remedy: expect.stringContaining('services.cache.url'),
    });
    const address = withPassword(password);
    await part.close();
    expect(await open(address).health(never)).toMatchObject({ ok: false });
    expect(await open(address).health(AbortSignal.abort(new Error('stop')))).toMatchObject({
      ok: false,
      detail: 'stop',
    });
  });

  it('labels itself without the password', () => {
    expect(open('rediss://user:hidden-word@cache.example:6380/0').label).toBe(
      'redis rediss://cache.example:6380/0',
    );
  });
});
