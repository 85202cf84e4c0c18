import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { AuroraError, hasCode } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import { http, httpBytes, parseJson } from '../../../src/services/http/request.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('http request', () => {
  it('sends an object as JSON and reads status, headers and text whole', async () => {
    const url = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(418, { 'x-twice': ['a', 'b'] });
        response.end(`${request.method} ${request.headers['content-type']} ${body}`);
      });
    });
    const answer = await http({ method: 'PUT', url, body: { percent: 5 } }, never);
    expect(answer.status).toBe(418);
    expect(answer.headers['x-twice']).toBe('a, b');
    expect(answer.text).toBe('PUT application/json {"percent":5}');
  });

  it('keeps every byte for digests', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]);
    const url = await listen((_, response) => void response.end(bytes));
    expect(Buffer.from((await httpBytes({ url }, never)).bytes)).toEqual(bytes);
  });

  it('says where nobody answers, without the query', async () => {
    const url = await listen(() => undefined);
    await closing.pop()?.();
    const error = await failure(http({ url: `${url}/v1?token=hidden` }, never));
    expect(hasCode(error, 'SERVICE_UNREACHABLE')).toBe(true);
    expect((error as AuroraError).where).toBe(`GET ${url}/v1`);
    expect((error as AuroraError).line).not.toContain('hidden');
  });

  it('never puts a header value into an error', async () => {
    const token = new Secret('tok-0123456789abcdef', 'test');
    const url = await listen((request) => void request.socket.destroy());
    const headers = { authorization: `Bearer ${token.reveal()}` };
    const error = (await failure(http({ url, headers }, never))) as AuroraError;
    expect(error.code).toBe('SERVICE_UNREACHABLE');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('0123456789');
    expect(String((error.cause as Error).stack)).not.toContain('0123456789');
  });

  it('gives up at its deadline, also in the middle of a body', async () => {
    const url = await listen((_, response) => void response.writeHead(200).write('half'));
    const error = await failure(http({ url, timeoutMs: 80 }, never));
    expect(hasCode(error, 'SERVICE_UNREACHABLE')).toBe(true);
    expect((error as AuroraError).message).toContain('80 ms');
  });

  it('passes on why its signal was aborted', async () => {
    const url = await listen(() => controller.abort(new AuroraError('INTERRUPTED', 'Ctrl-C')));
    const controller = new AbortController();
    const error = await failure(http({ url }, controller.signal));
    expect(hasCode(error, 'INTERRUPTED')).toBe(true);
  });

  it('does not use a global dispatcher that a library has replaced', async () => {
    const url = await listen((_, response) => void response.end('real'));
    const before = getGlobalDispatcher();
    const replaced = new MockAgent();
    replaced.disableNetConnect();
    setGlobalDispatcher(replaced);
    try {
      expect((await http({ url }, never)).text).toBe('real');
    } finally {
      setGlobalDispatcher(before);
      await replaced.close();
    }
  });

  it('calls an answer that is no JSON invalid', () => {
    const answer = { status: 502, headers: {}, text: '<html>' };
    expect(() => parseJson(answer, 'GET http://x')).toThrow(/status 502, not JSON/);
    expect(parseJson({ ...answer, text: '{"a":1}' }, 'x')).toEqual({ a: 1 });
  });
});
