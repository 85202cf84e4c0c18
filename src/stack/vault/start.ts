import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { RunningPart } from '../child.ts';
import { listen } from '../listen.ts';
import { type VaultAnswer, VaultFailure } from './exchange.ts';
import { readBody, requestOf } from './http-request.ts';
import type { VaultOptions } from './options.ts';
import { answerRaw, rawListRequest } from './raw-list.ts';
import { route } from './router.ts';
import { createState, type VaultState } from './state.ts';

/**
 * Starts a vault that speaks enough of Vault's HTTP API (KV v2, tokens, AppRole, policies, seal) for
 * its clients, in memory, on loopback. `endpoints.vault` is its base address.
 */
export async function startVault(
  options: VaultOptions,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<RunningPart> {
  const state = createState(options, () => clock.now());
  const server = createServer((message, response) => void serve(state, message, response));
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
    void serveRaw(state, error.rawPacket ?? Buffer.alloc(0), socket);
  });
  const port = await listen(server, options.port);
  return {
    endpoints: { vault: `http://127.0.0.1:${port}` },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  state: VaultState,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = message;
  const header = (name: string) => message.headers[name]?.toString();
  const answer = await answered(async () => {
    const body = await readBody(message);
    return route(state, requestOf(method, url, header, body));
  });
  response.statusCode = answer.status;
  response.setHeader('cache-control', 'no-store');
  if (answer.body !== '') response.setHeader('content-type', 'application/json');
  response.end(method === 'HEAD' ? '' : answer.body);
}

/** What Node's parser could not read: a LIST, or no HTTP at all. */
async function serveRaw(state: VaultState, packet: Buffer, socket: Duplex): Promise<void> {
  const answer = await answered(async () => {
    const request = rawListRequest(packet);
    if (request === undefined) throw new VaultFailure(400, 'not an HTTP request');
    return route(state, request);
  });
  if (socket.writable) answerRaw(socket, answer.status, answer.body);
  else socket.destroy();
}

/** An answer as it goes over the wire. */
interface WrittenAnswer {
  readonly status: number;
  readonly body: string;
}

async function answered(run: () => Promise<VaultAnswer>): Promise<WrittenAnswer> {
  try {
    const { status, body } = await run();
    if (body === undefined) return { status, body: '' };
    const isEnveloped = 'data' in body || 'auth' in body;
    return { status, body: `${JSON.stringify(isEnveloped ? envelope(body) : body)}\n` };
  } catch (error) {
    if (error instanceof VaultFailure) {
      return { status: error.status, body: `${JSON.stringify({ errors: error.errors })}\n` };
    }
    // Not its text: what goes wrong here may hold the secret that was being written.
    const name = error instanceof Error ? error.name : 'error';
    return { status: 500, body: `${JSON.stringify({ errors: [`internal error: ${name}`] })}\n` };
  }
}

function envelope(body: object): object {
  return {
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...body,
  };
}
