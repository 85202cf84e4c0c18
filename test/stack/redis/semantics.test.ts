import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';

// The same rules hold for a real server: name an empty one to compare.
const real = process.env.AURORA_TEST_REDIS_URL;

describe(`session cache semantics (${real === undefined ? 'stack' : 'real server'})`, () => {
  let part: RunningPart | undefined;
  let redis: Redis;

  beforeAll(async () => {
    if (real === undefined) part = await startRedis({ port: 0 });
    redis = new Redis(real ?? part?.endpoints.redis ?? '');
    if ((await redis.dbsize()) > 0) throw new Error('refusing to test on a database with keys');
  });
  beforeEach(async () => {
    await redis.flushdb();
  });
  afterAll(async () => {
    await redis.quit();
    await part?.close();
  });

  it('keeps any bytes in keys and values', async () => {
    const key = Buffer.from([0x6b, 0xff, 0x00, 0x0d, 0x0a]);
    const value = Buffer.from([0x00, 0x0d, 0x0a, 0xfe]);
    await redis.set(key, value);
    expect(await redis.getBuffer(key)).toEqual(value);
    expect((await redis.scanBuffer('0'))[1]).toEqual([key]);
    await redis.set('empty', '');
    expect(await redis.get('empty')).toBe('');
  });

  it('SET obeys NX, XX, GET and KEEPTTL', async () => {
    expect(await redis.set('a', '1', 'XX')).toBeNull();
    expect(await redis.set('a', '1', 'NX')).toBe('OK');
    expect(await redis.set('a', '2', 'NX')).toBeNull();
    expect(await redis.set('a', '3', 'GET')).toBe('1');
    await redis.expire('a', 100);
    await redis.set('a', '4', 'KEEPTTL');
    expect(await redis.ttl('a')).toBeGreaterThan(90);
    await redis.set('a', '5');
    expect(await redis.ttl('a')).toBe(-1);
  });

  it('SET, SETEX and EXPIRE give a time to live', async () => {
    await redis.set('ex', '1', 'EX', 50);
    await redis.set('px', '1', 'PX', 50_000);
    await redis.setex('setex', 50, '1');
    await redis.set('later', '1');
    expect(await redis.expire('later', 50)).toBe(1);
    expect(await redis.expire('absent', 50)).toBe(0);
    for (const key of ['ex', 'px', 'setex', 'later']) {
      expect(await redis.ttl(key)).toBe(50);
      const left = await redis.pttl(key);
      expect(left).toBeGreaterThan(45_000);
      expect(left).toBeLessThanOrEqual(50_000);
    }
    expect(await redis.ttl('absent')).toBe(-2);
    expect(await redis.persist('later')).toBe(1);
    expect(await redis.ttl('later')).toBe(-1);
  });

  it('an expired key is gone for every reader', async () => {
    await redis.set('brief', '1', 'PX', 15);
    await redis.set('stays', '1');
    await vi.waitFor(async () => expect(await redis.get('brief')).toBeNull());
    expect(await redis.exists('brief', 'stays', 'stays')).toBe(2);
    expect(await redis.mget('brief', 'stays')).toEqual([null, '1']);
    expect((await redis.scan('0'))[1]).toEqual(['stays']);
    await vi.waitFor(async () => expect(await redis.dbsize()).toBe(1), { timeout: 3_000 });
  });

  it('expiry in the past removes the key', async () => {
    await redis.set('a', '1');
    expect(await redis.expire('a', -1)).toBe(1);
    expect(await redis.exists('a')).toBe(0);
  });

  it('DEL and UNLINK count the keys that were there', async () => {
    await redis.mget('x');
    await redis.set('a', '1');
    await redis.set('b', '1');
    expect(await redis.del('a', 'a', 'absent')).toBe(1);
    expect(await redis.unlink('b', 'absent')).toBe(1);
    expect(await redis.dbsize()).toBe(0);
  });

  it('SCAN meets every key that stays, also while others are removed and added', async () => {
    const fill = redis.pipeline();
    for (let i = 0; i < 3_000; i += 1) fill.set(`${i % 3 === 0 ? 'keep' : 'drop'}:${i}`, 'x');
    await fill.exec();
    const seen = new Set<string>();
    let cursor = '0';
    let added = 0;
    do {
      const [next, keys] = await redis.scan(cursor, 'COUNT', 100);
      const dropped = keys.filter((key) => key.startsWith('drop:'));
      if (dropped.length > 0) await redis.unlink(...dropped);
      await redis.set(`added:${added++}`, 'x');
      for (const key of keys) seen.add(key);
      cursor = next;
    } while (cursor !== '0');
    expect([...seen].filter((key) => key.startsWith('keep:'))).toHaveLength(1_000);
    expect([...seen].filter((key) => key.startsWith('drop:'))).toHaveLength(2_000);
  });

  it.each([
    ['sess:*', ['sess:1', 'sess:2', 'sess:[a]*']],
    ['sess:?', ['sess:1', 'sess:2']],
    ['sess:[1-9]', ['sess:1', 'sess:2']],
    ['sess:[^1]', ['sess:2']],
    ['sess:\\[a\\]\\*', ['sess:[a]*']],
    ['*1', ['other:1', 'sess:1']],
    ['sess:[', []],
    ['sess', []],
  ])('SCAN MATCH %s', async (pattern, expected) => {
    for (const key of ['sess:1', 'sess:2', 'sess:[a]*', 'other:1', 'xsess:']) {
      await redis.set(key, '1');
    }
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
      found.push(...keys);
      cursor = next;
    } while (cursor !== '0');
    expect(found.sort()).toEqual(expected);
  });

  it('answers pipelined commands in their order, failures among them', async () => {
    const results = await redis
      .pipeline()
      .set('a', '1')
      .call('NOSUCH', 'x')
      .get('a')
      .call('GET')
      .exec();
    expect(results?.map(([error, value]) => error?.message ?? value)).toEqual([
      'OK',
      expect.stringMatching(/^ERR unknown command 'NOSUCH', with args beginning with: 'x'/),
      '1',
      "ERR wrong number of arguments for 'get' command",
    ]);
  });

  it.each([
    [['SET', 'a', '1', 'EX', '0'], "ERR invalid expire time in 'set' command"],
    [['SET', 'a', '1', 'EX', 'x'], 'ERR value is not an integer or out of range'],
    [['SET', 'a', '1', 'EX', '1', 'PX', '1'], 'ERR syntax error'],
    [['SET', 'a', '1', 'NX', 'XX'], 'ERR syntax error'],
    [['SETEX', 'a', '-1', '1'], "ERR invalid expire time in 'setex' command"],
    [['SCAN', 'x'], 'ERR invalid cursor'],
    [['SCAN', '0', 'COUNT', '0'], 'ERR syntax error'],
    [['SELECT', '999'], 'ERR DB index is out of range'],
    [['HELLO', '4'], 'NOPROTO unsupported protocol version'],
  ])('%j is refused', async ([name, ...rest], message) => {
    await expect(redis.call(name ?? '', ...rest)).rejects.toThrow(message);
  });

  it('names a connection', async () => {
    await redis.client('SETNAME', 'aurora');
    expect(await redis.client('GETNAME')).toBe('aurora');
    expect(await redis.client('ID')).toBeGreaterThan(0);
  });
});
