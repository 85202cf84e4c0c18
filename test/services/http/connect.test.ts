import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { http } from '../../../src/services/http/request.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that remembers what reached it. */
async function listen(): Promise<{ origin: string; port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, seen };
}

function dispatcherFor(connect: Record<string, string>) {
  const dispatcher = createDispatcher(connect);
  closing.push(() => dispatcher.close());
  return dispatcher;
}

const never = new AbortController().signal;

describe('connect map', () => {
  it('connects an https origin to a plain one and keeps the customers’ Host header', async () => {
    const edge = await listen();
    const dispatcher = dispatcherFor({ 'https://api.glowglitch.com': edge.origin });
    const url = 'https://api.glowglitch.com/api/health?check=db';
    const answer = await http({ url, dispatcher }, never);
    expect(answer.text).toBe('here');
    expect(edge.seen[0]?.headers.host).toBe('api.glowglitch.com');
    expect(edge.seen[0]?.url).toBe('/api/health?check=db');
  });

  it('tells two mapped origins apart and reuses connections for each', async () => {
    const [production, staging] = [await listen(), await listen()];
    const dispatcher = dispatcherFor({
      'https://api.glowglitch.com': production.origin,
      'https://staging.api.glowglitch.com': staging.origin,
    });
    for (const host of ['api', 'staging.api', 'api', 'staging.api']) {
      await http({ url: `https://${host}.glowglitch.com/x`, dispatcher }, never);
    }
    const hosts = (seen: IncomingMessage[]) => seen.map((request) => request.headers.host);
    expect(hosts(production.seen)).toEqual(['api.glowglitch.com', 'api.glowglitch.com']);
    expect(hosts(staging.seen)[0]).toBe('staging.api.glowglitch.com');
    expect(staging.seen[0]?.socket).toBe(staging.seen[1]?.socket);
  });

  it('maps by whole origin: another port of the same host is left alone', async () => {
    const [mapped, plain] = [await listen(), await listen()];
    const dispatcher = dispatcherFor({ 'http://127.0.0.1:1': mapped.origin });
    await http({ url: `${plain.origin}/`, dispatcher }, never);
    await http({ url: 'http://127.0.0.1:1/', dispatcher }, never);
    expect(plain.seen).toHaveLength(1);
    expect(mapped.seen[0]?.headers.host).toBe('127.0.0.1:1');
  });

  it('understands an origin written with its default port', async () => {
    const edge = await listen();
    const dispatcher = dispatcherFor({ 'https://api.glowglitch.com:443': edge.origin });
    await http({ url: 'https://api.glowglitch.com/', dispatcher }, never);
    expect(edge.seen).toHaveLength(1);
  });

  it('ignores proxies that the process environment names', async () => {
    const [proxy, real] = [await listen(), await listen()];
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'] as const;
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = proxy.origin;
    try {
      await http({ url: real.origin, dispatcher: dispatcherFor({}) }, never);
      await http({ url: real.origin }, never);
    } finally {
      names.forEach((name, at) => {
        if (before[at] === undefined) delete process.env[name];
        else process.env[name] = before[at];
      });
    }
    expect(real.seen).toHaveLength(2);
    expect(proxy.seen).toHaveLength(0);
  });
});
