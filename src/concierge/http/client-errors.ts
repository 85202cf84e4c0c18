import type { Socket } from 'node:net';
import { newId } from '../ids.ts';

const answers: Readonly<Record<string, readonly [status: string, code: string, message: string]>> =
  {
    HPE_HEADER_OVERFLOW: [
      '431 Request Header Fields Too Large',
      'validation.headers',
      'The headers are too large.',
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
      '408 Request Timeout',
      'request.timeout',
      'The request did not end in time.',
    ],
  };
const other = ['400 Bad Request', 'validation.request', 'This is no usable request.'] as const;

/**
 * Answers what never became a request: broken HTTP, headers without end, bodies that do not come.
 * Says what every other refusal says, and closes.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = answers[error.code ?? ''] ?? other;
  const requestId = newId('req_');
  const body = JSON.stringify({ code, message, requestId });
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
