import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { newId } from '../ids.ts';
import { isoTime } from '../iso-time.ts';
import type { Services } from '../services.ts';
import { type KeyGuard, keyGuard } from './authentication.ts';
import { refuseBeyond } from './rate-limit.ts';
import {
  header,
  misnamesSession,
  probeOf,
  type RequestState,
  sessionOfHeaders,
} from './request-state.ts';

const idPattern = /^[\w.:-]{1,128}$/;

/** The request id that the client sent, or a fresh one. */
export function requestIdOf(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && idPattern.test(sent) ? sent : newId('req_');
}

/** What happens around every request: identity, admission, and the record of what was answered. */
export function addHooks(app: FastifyInstance, services: Services): void {
  const admit = keyGuard(services.settings);
  app.decorateRequest('concierge', null as unknown as RequestState);
  // No promises here: they would cost as much as what they do. What is thrown becomes the answer.
  app.addHook('onRequest', (request, reply, done) => {
    arrive(request, reply, services, admit);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    record(request, reply, services);
    done();
  });
}

/** Says who answers, and on the API's routes lets in who may ask. Throws ApiError for whoever may not. */
function arrive(
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
  admit: KeyGuard,
): void {
  const probe = probeOf(request);
  request.concierge = {
    sessionId: sessionOfHeaders(request),
    probe,
    admitted: false,
    allowance: null,
  };
  reply.header('x-request-id', request.id);
  reply.header('x-aurora-build', services.identity.build);
  const { customers, scope } = request.routeOptions.config;
  if (customers === undefined) return;
  reply.header('x-api-version', 'v1');
  // Before the key is looked at: guessing keys has the same limit as everything else.
  if (probe === null) limitAddress(request, reply, services);
  if (customers === 'with-key') admit(request.headers.authorization, scope);
  request.concierge.admitted = true;
  checkVersion(request);
  if (misnamesSession(request)) {
    throw new ApiError(400, 'validation.session', 'x-session-id names no session.');
  }
}

function limitAddress(request: FastifyRequest, reply: FastifyReply, services: Services): void {
  const counted = services.limits.countAddress(request.ip);
  request.concierge.allowance = counted.allowance;
  refuseBeyond(counted, 'address', reply);
}

/** `x-api-version` may be left out; this is version 1. Throws 400 for another. */
function checkVersion(request: FastifyRequest): void {
  const version = header(request, 'x-api-version');
  if (version !== undefined && version !== 'v1') {
    throw new ApiError(400, 'validation.api_version', 'This API has version v1.');
  }
}

function record(request: FastifyRequest, reply: FastifyReply, services: Services): void {
  const { sessionId, probe, admitted } = request.concierge;
  const { statusCode } = reply;
  // A failing warm-up is worth a line, a successful one would only look like customers.
  if (probe === 'warm-up' && statusCode < 500) return;
  const config = request.routeOptions.config;
  const endpoint = request.routeOptions.url ?? request.url.split('?')[0] ?? '';
  const now = Date.now();
  const duration = Math.round(reply.elapsedTime * 100) / 100;
  const { method } = request;
  const line = {
    requestId: request.id,
    timestamp: isoTime(now),
    endpoint,
    method,
    statusCode,
    duration,
    sessionId,
  };
  services.log.request(probe === 'question' ? { ...line, probe: true } : line);
  if (probe === 'warm-up' || config.customers === undefined) return;
  if (probe === 'question') {
    services.metrics.probed(endpoint, statusCode);
    return;
  }
  services.metrics.answered({
    timestamp: now,
    endpoint,
    method,
    statusCode,
    duration,
    sessionId: admitted ? sessionId : null,
  });
}
