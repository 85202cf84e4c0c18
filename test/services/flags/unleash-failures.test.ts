import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { openUnleash } from '../../../src/services/flags/unleash.ts';

const adminToken = '*:*.very-secret-admin-token';
const clientToken = 'default:production.very-secret-client-token';
const signal = AbortSignal.timeout(30_000);
let server: Server | undefined;

async function listen(handler: RequestListener): Promise<string> {
  server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const open = (url: string, timeoutMs = 2_000) =>
  openUnleash({
    url,
    adminToken: new Secret(adminToken, 'test'),
    clientTokens: {
      staging: new Secret(clientToken, 'test'),
      production: new Secret(clientToken, 'test'),
    },
    project: 'default',
    environments: { staging: 'development', production: 'production' },
    timeoutMs,
  });

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error;
}

describe('the flag service against a broken server', () => {
  it.each([
    [401, 'token'],
    [403, 'permissions'],
    [404, 'Create the flag'],
    [500, ''],
  ])('names the refusal of status %i and its remedy', async (status, remedy) => {
    const url = await listen((_, answer) => {
      answer.writeHead(status).end('{"message":"words of the server"}');
    });
    const error = await failureOf(open(url).read('F', 'production', signal));
    expect(error).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: `status ${status}: words of the server`,
      where: expect.stringContaining('GET http://127.0.0.1'),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('gives up on a server that hangs, at its deadline', async () => {
    const url = await listen(() => undefined);
    const error = await failureOf(open(url, 100).seen('F', 'production', signal));
    expect(error).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
  });

  it('stops at once when the signal aborts, without trying the single calls', async () => {
    let calls = 0;
    const abort = new AbortController();
    const url = await listen(() => {
      calls += 1;
      abort.abort(new Error('interrupted'));
    });
    const error = await failureOf(open(url).disable(['A', 'B'], 'production', abort.signal));
    expect(error.message).toBe('interrupted');
    expect(calls).toBe(1);
  });

  it.each([
    '<html>maintenance</html>',
    '{"name":"F"}',
    '[]',
    'null',
  ])('refuses to understand %s as a flag', async (body) => {
    const url = await listen((_, answer) => void answer.end(body));
    const error = await failureOf(open(url).seen('F', 'production', signal));
    expect(error).toMatchObject({ code: 'SERVICE_ANSWER_INVALID' });
  });

  it('switches flags off one by one when the bulk call fails', async () => {
    const off: string[] = [];
    const url = await listen((request, answer) => {
      const path = request.url ?? '';
      if (path.includes('bulk_features')) return void answer.writeHead(500).end();
      off.push(/features\/([^/]+)\/environments\/production\/off/.exec(path)?.[1] ?? path);
      answer.end();
    });
    await open(url).disable(['A', 'B', 'C'], 'production', signal);
    expect(off.sort()).toEqual(['A', 'B', 'C']);
  });

  it('switches flags off one by one when the bulk call hangs', async () => {
    const url = await listen((request, answer) => {
      if (!request.url?.includes('bulk_features')) answer.end();
    });
    await expect(open(url, 200).disable(['A'], 'production', signal)).resolves.toBeUndefined();
  });

  it('says which flags stayed on when nothing answers', async () => {
    const url = await listen(() => undefined);
    server?.close();
    const error = await failureOf(open(url, 200).disable(['A', 'B'], 'production', signal));
    expect(error).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('production: A, B'),
    });
  });

  it('answers health without throwing when the server is gone', async () => {
    const health = await open('http://127.0.0.1:9').health(signal);
    expect(health.ok).toBe(false);
  });

  it('shows no token in any error', async () => {
    const url = await listen((request, answer) => {
      answer.writeHead(500).end(JSON.stringify({ message: request.headers.authorization }));
    });
    const flags = open(url);
    const errors = await Promise.all([
      failureOf(flags.read('F', 'production', signal)),
      failureOf(flags.seen('F', 'production', signal)),
      failureOf(flags.disable(['F'], 'production', signal)),
    ]);
    for (const error of errors) {
      const shown = inspect(error, { depth: 10 }) + JSON.stringify(error);
      expect(shown).not.toContain('very-secret');
    }
  });
});
