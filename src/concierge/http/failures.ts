import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { ApiError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { writeAllowance } from './rate-limit.ts';

/** What every refusal and failure says. */
interface FailureBody {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  /** At the runbook's routes, which have one code for many reasons: the API's own code. */
  readonly reason?: string;
}

/** Every answer that is no 200 has the same shape: code, message, requestId. */
export function addFailureAnswers(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((request, reply) => {
    const { code, message } = new ApiError(404, 'route.not_found', 'No such route.');
    return reply.code(404).send({ code, message, requestId: request.id });
  });
  app.setErrorHandler((error, request, reply) => {
    const failure = asApiError(error, request);
    if (failure.status >= 500) {
      const cause = failure.cause ?? error;
      log.error(`${request.method} ${request.routeOptions.url ?? ''} failed`, cause, {
        requestId: request.id,
      });
    }
    const { allowance } = request.concierge;
    if (allowance !== null) writeAllowance(reply, allowance);
    const { status, body } = outward(failure, request);
    return reply.code(status).send(body);
  });
}

/** What the router refuses before any hook runs: an address that cannot be read. */
export function answerFrameworkError(
  _error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { code, message } = new ApiError(400, 'validation.path', 'This is no usable address.');
  reply.header('x-request-id', request.id);
  reply.code(400).send({ code, message, requestId: request.id });
}

/** Status and body; at the runbook's routes with its codes, and ours as the reason. */
function outward(
  { status, code, message }: ApiError,
  request: FastifyRequest,
): { readonly status: number; readonly body: FailureBody } {
  const requestId = request.id;
  const { failsAs } = request.routeOptions.config;
  if (failsAs !== undefined && status >= 500) {
    return { status: 502, body: { code: failsAs, message, requestId, reason: code } };
  }
  if (failsAs !== undefined && status === 400 && code.startsWith('validation.')) {
    return { status, body: { code: 'INVALID_REQUEST', message, requestId, reason: code } };
  }
  return { status, body: { code, message, requestId } };
}

/** What the framework refuses (bad JSON, too large) is the client's fault; the rest is ours. */
function asApiError(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  // A GET has nothing but its query to be read with a schema.
  if (error instanceof ZodError && request.method === 'GET') {
    return new ApiError(400, 'validation.query', 'The query is not usable.');
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return refusedEarly(status);
  return new ApiError(500, 'server.error', 'Something went wrong on our side.', { cause: error });
}

function refusedEarly(status: number): ApiError {
  switch (status) {
    case 413:
      return new ApiError(413, 'validation.too_large', 'The body is too large.');
    case 415:
      return new ApiError(415, 'validation.content_type', 'The body has to be application/json.');
    default:
      return new ApiError(status, 'validation.body', 'The body is not usable JSON.');
  }
}
