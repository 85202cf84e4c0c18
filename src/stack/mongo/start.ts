import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { RunningPart } from '../child.ts';
import { serveConnection } from './connection.ts';
import { Cursors } from './cursors.ts';
import { Store } from './storage/store.ts';

/** How to start the embedded database. */
export interface MongoOptions {
  /** Port on 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
  /** How often expired documents are removed, in milliseconds; MongoDB's own minute when left out. */
  readonly ttlIntervalMs?: number;
  /** The time in milliseconds since the epoch. */
  readonly now?: () => number;
}

const defaultTtlIntervalMs = 60_000;

/** Starts the embedded database on loopback, empty. Endpoint: `mongodb`. */
export async function start(options: MongoOptions): Promise<RunningPart> {
  const now = options.now ?? Date.now;
  const store = new Store();
  const cursors = new Cursors(now);
  const sockets = new Set<Socket>();
  const facts = { startedAt: now(), now, connections: () => sockets.size };
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connections += 1;
    serveConnection(socket, connections, { store, cursors, server: facts });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const sweep = setInterval(() => {
    store.expire(now());
    cursors.expire();
  }, options.ttlIntervalMs ?? defaultTtlIntervalMs);
  sweep.unref();
  const { port } = server.address() as AddressInfo;
  return {
    endpoints: { mongodb: `mongodb://127.0.0.1:${port}` },
    close: async () => {
      clearInterval(sweep);
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
