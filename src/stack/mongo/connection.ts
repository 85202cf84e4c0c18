import type { Socket } from 'node:net';
import type { Context } from './commands/command.ts';
import { dispatch } from './commands/dispatch.ts';
import { maxMessageBytes } from './commands/session.ts';
import { ServerError } from './errors.ts';
import type { Doc } from './values/value.ts';
import { Frames } from './wire/frames.ts';
import {
  encodeReply,
  failure,
  type Request,
  readRequest,
  requestId,
  success,
} from './wire/messages.ts';

/** What all connections share. */
export type Shared = Omit<Context, 'database' | 'connectionId' | 'messageBytes'>;

/** Serves one client: reads messages, runs their commands one after the other, answers. */
export function serveConnection(socket: Socket, connectionId: number, shared: Shared): void {
  const frames = new Frames(maxMessageBytes);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      for (const message of frames.push(chunk)) answer(socket, message, connectionId, shared);
    } catch {
      // Not the wire protocol, or a part of it that is never announced: nothing sensible to say.
      socket.destroy();
    }
  });
}

function answer(socket: Socket, message: Buffer, connectionId: number, shared: Shared): void {
  let request: Request;
  try {
    request = readRequest(message);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    send(socket, { id: requestId(message), legacy: error.code === 352 }, failure(error));
    return;
  }
  const reply = run(request, connectionId, shared);
  if (!request.silent) send(socket, request, reply);
}

function run(request: Request, connectionId: number, shared: Shared): Doc {
  const database = request.command.$db;
  const context: Context = {
    ...shared,
    database: typeof database === 'string' ? database : '',
    connectionId,
    messageBytes: request.bytes,
  };
  try {
    return success(dispatch(context, request.command));
  } catch (error) {
    return failure(error);
  }
}

function send(socket: Socket, request: { id: number; legacy: boolean }, reply: Doc): void {
  socket.cork();
  for (const bytes of encodeReply(request, reply)) socket.write(bytes);
  socket.uncork();
}
