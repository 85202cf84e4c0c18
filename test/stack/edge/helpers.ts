import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { EdgeOptions } from '../../../src/stack/edge/options.ts';
import { startEdge } from '../../../src/stack/edge/start.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ends with the test that asked for it. */
export function atEnd(close: () => Promise<unknown>): void {
  closing.push(close);
}

export interface TestServer {
  readonly url: string;
  readonly server: Server;
  readonly seen: IncomingMessage[];
  close(): Promise<void>;
}

/** A loopback server that remembers what reached it. */
export async function serve(handler: RequestListener, port = 0): Promise<TestServer> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  atEnd(close);
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${taken}`, server, seen, close };
}

/** A slot that says who it is. */
export function namedSlot(name: string): Promise<TestServer> {
  return serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end(JSON.stringify({ name, url: request.url, body })));
  });
}

interface Strategy {
  readonly variant: string;
  readonly percent: number;
}

/** The client API of Unleash, as far as the edge asks it. */
export async function fakeUnleash(enabled: boolean, strategies: readonly Strategy[]) {
  const state = { enabled, strategies, version: 1, refuse: false, tokens: new Set<string>() };
  const feature = () => ({
    name: 'AURORA_WIDGET_ENABLED',
    type: 'release',
    enabled: state.enabled,
    strategies: state.strategies.map(({ variant, percent }) => ({
      name: 'flexibleRollout',
      parameters: {
        rollout: String(percent),
        stickiness: 'sessionId',
        groupId: 'AURORA_WIDGET_ENABLED',
      },
      constraints: [],
      variants: [
        {
          name: variant,
          weight: 1000,
          stickiness: 'sessionId',
          payload: { type: 'string', value: 'x' },
        },
      ],
    })),
    variants: [],
  });
  const server = await serve((request, response) => {
    state.tokens.add(String(request.headers.authorization));
    if (state.refuse) {
      response.writeHead(403).end();
      return;
    }
    const etag = `"${state.version}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { etag, 'content-type': 'application/json' });
    response.end(JSON.stringify({ version: 2, features: [feature()], segments: [] }));
  });
  const change = (next: Partial<Pick<typeof state, 'enabled' | 'strategies'>>) => {
    Object.assign(state, next, { version: state.version + 1 });
  };
  return { ...server, state, change };
}

/** A directory that goes with the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-edge-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface TestEdge {
  readonly edge: string;
  readonly admin: string;
  readonly options: EdgeOptions;
  close(): Promise<void>;
  route(stable: string | null, candidate?: string | null): Promise<Response>;
  traffic(): Promise<Record<string, unknown>>;
  purge(path: string, token?: string): Promise<Response>;
}

/** An edge on free ports. Stable is always `blue`, the candidate `green`. */
export async function edgeFor(more: Partial<EdgeOptions> = {}): Promise<TestEdge> {
  const options: EdgeOptions = {
    environment: 'production',
    port: 0,
    adminPort: 0,
    adminToken: 'admin-token',
    purgeToken: 'purge-token',
    unleash: { url: 'http://127.0.0.1:1/api', clientToken: 'client', environment: 'production' },
    trustedProxies: ['127.0.0.1'],
    trafficFile: join(await temporaryDirectory(), 'traffic.json'),
    refreshMs: 50,
    ...more,
  };
  const part = await startEdge(options);
  let closed = false;
  const close = async () => {
    if (!closed) await part.close();
    closed = true;
  };
  atEnd(close);
  const { edge = '', admin = '' } = part.endpoints;
  const headers = { authorization: `Bearer ${options.adminToken}` };
  const target = (slot: string, url: string | null | undefined) => (url ? { slot, url } : null);
  return {
    edge,
    admin,
    options,
    close,
    route: (stable, candidate) =>
      fetch(`${admin}/traffic`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          stable: target('blue', stable),
          candidate: target('green', candidate),
        }),
      }),
    traffic: async () =>
      (await fetch(`${admin}/traffic`, { headers })).json() as Promise<Record<string, unknown>>,
    purge: (path, token = options.purgeToken) =>
      fetch(`${edge}${path}`, { method: 'PURGE', headers: { authorization: `Bearer ${token}` } }),
  };
}
