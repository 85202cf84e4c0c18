import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes wrong at the edge itself, in the concierge's error shape. */
const failures = {
  'edge.no_slot': [503, 'No slot takes traffic in this environment.'],
  'edge.unreachable': [502, 'The slot did not take the request.'],
  'edge.broken_answer': [502, 'The slot broke off its answer.'],
  'edge.timeout': [504, 'The slot did not answer in time.'],
  'auth.missing': [401, 'A bearer token is needed.'],
  'auth.forbidden': [403, 'This token may not do that.'],
} as const satisfies Record<string, readonly [number, string]>;

export type EdgeFailure = keyof typeof failures;

/** The request's own id, or a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && given !== ''
    ? given
    : `req_${randomBytes(8).toString('hex')}`;
}

/** Sends JSON with a length, so that the connection can be kept. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

/** Answers for a slot that could not. Once an answer has begun, all that is left is to break it off. */
export function sendFailure(
  request: IncomingMessage,
  response: ServerResponse,
  code: EdgeFailure,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [status, message] = failures[code];
  const requestId = requestIdOf(request);
  sendJson(
    response,
    status,
    { code, message, requestId },
    { 'x-request-id': requestId, ...headers },
  );
}

/** The failure that an error of undici stands for. */
export function failureOf(error: unknown): EdgeFailure {
  const code = (error as { code?: unknown }).code;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'edge.timeout';
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'edge.unreachable';
  return 'edge.broken_answer';
}
