import { createServer, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { RunningPart } from '../child.ts';
import { listen } from '../listen.ts';
import type { CommandContext, Session } from './commands/command.ts';
import { execute } from './execute.ts';
import { Keyspace } from './keyspace.ts';
import type { RedisOptions } from './options.ts';
import { encodeReply, error } from './reply.ts';
import { ProtocolError, type Request, RequestReader } from './request-reader.ts';

const sweepEveryMs = 500;
const sweptAtOnce = 5_000;

/**
 * Starts a session cache that speaks enough of Redis' protocol for its clients, in memory, on
 * loopback. `endpoints.redis` is its address without the password.
 */
export async function startRedis(
  options: RedisOptions,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<RunningPart> {
  const now = () => clock.now();
  const keys = new Keyspace(now);
  const sockets = new Set<Socket>();
  let lastId = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    lastId += 1;
    const session: Session = {
      id: lastId,
      protocol: 2,
      authenticated: options.password === undefined,
      name: '',
      closing: false,
    };
    const { password } = options;
    serve(socket, { keys, session, now, password, clients: () => sockets.size });
  });
  const port = await listen(server, options.port);
  const timer = setInterval(() => keys.sweep(sweptAtOnce), sweepEveryMs).unref();
  return {
    endpoints: { redis: `redis://127.0.0.1:${port}` },
    close: async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers one connection; the replies to commands that came together go out together. */
function serve(socket: Socket, context: CommandContext): void {
  const reader = new RequestReader();
  const { session } = context;
  socket.setNoDelay(true);
  // A client that goes away in the middle is no failure of the server.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    if (session.closing) return;
    const replies: Buffer[] = [];
    try {
      for (const request of reader.push(chunk)) {
        replies.push(answer(request, context));
        if (session.closing) break;
      }
    } catch (failure) {
      if (!(failure instanceof ProtocolError)) throw failure;
      session.closing = true;
      replies.push(encodeReply(error(`ERR Protocol error: ${failure.message}`), session.protocol));
    }
    if (replies.length > 0) socket.write(Buffer.concat(replies));
    if (session.closing) socket.end();
  });
}

function answer(request: Request, context: CommandContext): Buffer {
  const reply = execute(request, context);
  return encodeReply(reply, context.session.protocol);
}
