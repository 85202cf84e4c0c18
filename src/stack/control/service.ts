import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import { checkBearer } from './bearer.ts';

/** An answer that is an error: `{code, message}` plus what a part wants to add. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

function invalidRequest(error: ZodError): ControlError {
  const [issue] = error.issues;
  const path = issue?.path.join('/') ?? '';
  return new ControlError(400, 'REQUEST_INVALID', `${path}: ${issue?.message ?? 'invalid'}`);
}

function asControlError(error: unknown): ControlError {
  if (error instanceof ControlError) return error;
  if (error instanceof ZodError) return invalidRequest(error);
  const status = (error as { statusCode?: unknown }).statusCode;
  const message = error instanceof Error ? error.message : String(error);
  return typeof status === 'number' && status < 500
    ? new ControlError(status, 'REQUEST_INVALID', message)
    : new ControlError(500, 'INTERNAL', message);
}

/**
 * The control service of a stack part: JSON over HTTP on 127.0.0.1, behind a bearer token unless the
 * part has none. Errors are `{code, message}`; a ZodError of a handler is a 400 that names the path.
 */
export function createControl(token: string | null): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.setErrorHandler((error, _, reply) => {
    const { status, code, message, more } = asControlError(error);
    return reply.status(status).send({ code, message, ...more });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ code: 'NOT_FOUND', message: `${request.method} ${request.url}` }),
  );
  if (token !== null) {
    app.addHook('onRequest', async (request) => {
      const verdict = checkBearer(request.headers.authorization, token);
      if (verdict === 'missing') throw new ControlError(401, 'auth.missing', 'no bearer token');
      if (verdict === 'forbidden') throw new ControlError(403, 'auth.forbidden', 'wrong token');
    });
  }
  return app;
}

/** Listens on 127.0.0.1 and returns the address: `http://127.0.0.1:20110`. */
export async function listenControl(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
