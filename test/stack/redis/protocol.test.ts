import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';

const parts: RunningPart[] = [];

async function start(password?: string): Promise<RunningPart> {
  const part = await startRedis({ port: 0, ...(password === undefined ? {} : { password }) });
  parts.push(part);
  return part;
}

afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.close()));
});

/** Sends pieces one after the other and returns all bytes until the server closes or is silent. */
async function exchange(
  part: RunningPart,
  pieces: readonly (string | Buffer)[],
  until: string,
): Promise<string> {
  const socket = connect(Number(new URL(part.endpoints.redis ?? '').port), '127.0.0.1');
  let text = '';
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.setTimeout(3_000, () => reject(new Error(`got only ${JSON.stringify(text)}`)));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.endsWith(until)) resolve(text);
      });
      const send = ([piece, ...rest]: readonly (string | Buffer)[]) => {
        if (piece !== undefined) socket.write(piece, () => setImmediate(send, rest));
      };
      socket.once('connect', () => send(pieces));
    });
  } finally {
    socket.destroy();
  }
}

describe('RESP', () => {
  it('takes a command in any pieces', async () => {
    const part = await start();
    const command =
      '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$6\r\nx\r\n\r\ny\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n';
    expect(await exchange(part, [...command], 'y\r\n')).toBe('+OK\r\n$6\r\nx\r\n\r\ny\r\n');
  });

  it('takes a command typed by hand', async () => {
    expect(await exchange(await start(), ['\r\nPING\r\n', 'echo  hi\r\n'], 'hi\r\n')).toBe(
      '+PONG\r\n$2\r\nhi\r\n',
    );
  });

  it('speaks RESP3 after HELLO 3', async () => {
    const text = await exchange(await start(), ['HELLO 3\r\nGET absent\r\n'], '_\r\n');
    expect(text).toMatch(/^%7\r\n\$6\r\nserver\r\n/);
    expect(text).toContain('$5\r\nproto\r\n:3\r\n');
  });

  it('speaks RESP2 without HELLO', async () => {
    expect(await exchange(await start(), ['GET absent\r\n'], '-1\r\n')).toBe('$-1\r\n');
  });

  it.each([
    ['*1\r\n+PING\r\n', "expected '$', got '+'"],
    ['*x\r\n', 'invalid multibulk length'],
    ['*1\r\n$99999999999\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['x'.repeat(70_000), 'too big inline request'],
  ])('tells a protocol error and closes the connection', async (bytes, reason) => {
    const text = await exchange(await start(), [bytes], 'never');
    expect(text).toBe(`-ERR Protocol error: ${reason}\r\n`);
  });

  it('ends after QUIT and ignores what follows', async () => {
    expect(await exchange(await start(), ['QUIT\r\nPING\r\n'], 'never')).toBe('+OK\r\n');
  });
});

describe('password', () => {
  it('is needed for everything but the login', async () => {
    const text = await exchange(
      await start('s3cret-cache'),
      ['PING\r\nNOSUCH\r\nAUTH wrong\r\nAUTH s3cret-cache\r\nPING\r\n'],
      'PONG\r\n',
    );
    expect(text.split('\r\n')).toEqual([
      '-NOAUTH Authentication required.',
      '-NOAUTH Authentication required.',
      '-WRONGPASS invalid username-password pair or user is disabled.',
      '+OK',
      '+PONG',
      '',
    ]);
  });

  it('may come with HELLO', async () => {
    const part = await start('s3cret-cache');
    const refused = await exchange(part, ['HELLO 3\r\n'], '\r\n');
    expect(refused).toMatch(/^-NOAUTH HELLO must be called/);
    const text = await exchange(
      part,
      ['HELLO 3 AUTH default s3cret-cache SETNAME me\r\nCLIENT GETNAME\r\n'],
      'me\r\n',
    );
    expect(text).toMatch(/^%7\r\n/);
  });

  it('lets the client library in with the right one only', async () => {
    const part = await start('s3cret-cache');
    const address = part.endpoints.redis?.replace('//', '//:s3cret-cache@') ?? '';
    const redis = new Redis(address, { retryStrategy: () => null });
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
  });
});

describe('the part', () => {
  it('names its address without the password and frees the port when closed', async () => {
    const part = await start('s3cret-cache');
    expect(part.endpoints.redis).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(part.endpoints.redis ?? '').port);
    await part.close();
    const again = await startRedis({ port });
    parts.push(again);
    expect(again.endpoints.redis).toBe(part.endpoints.redis);
  });

  it('refuses to start on a port that is taken', async () => {
    const part = await start();
    const port = Number(new URL(part.endpoints.redis ?? '').port);
    await expect(startRedis({ port })).rejects.toThrow('EADDRINUSE');
  });
});
