import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';

/** Every answer that is no 200 has the same shape: code, message, requestId. */
export function addFailureAnswers(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(bodyOf(new ApiError(404, 'route.not_found', 'No such route.'), request)),
  );
  app.setErrorHandler((error, request, reply) => {
    const answer = asApiError(error);
    if (answer.status >= 500) {
      const cause = answer.cause ?? error;
      log.error(`${request.method} ${request.routeOptions.url ?? ''} failed`, cause, {
        requestId: request.id,
      });
    }
    return reply.code(answer.status).send(bodyOf(answer, request));
  });
}

function bodyOf({ code, message }: ApiError, request: FastifyRequest): object {
  return { code, message, requestId: request.id };
}

/** What the framework refuses (bad JSON, too large) is the client's fault; the rest is ours. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const code = status === 413 ? 'validation.too_large' : 'validation.body';
    return new ApiError(status, code, 'The body is not usable JSON.');
  }
  return new ApiError(500, 'server.error', 'Something went wrong on our side.', { cause: error });
}
