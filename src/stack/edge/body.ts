import type { IncomingMessage } from 'node:http';

/** Bodies up to this size are held, so that a request can be sent again; larger ones stream. */
const heldBytes = 64 * 1024;

/** What undici takes as a body. A held one can be sent twice, a stream cannot. */
export type OutgoingBody = Buffer | IncomingMessage | null;

/** Reads a small body whole (without looking into it) and leaves a large or unmeasured one alone. */
export function takeBody(request: IncomingMessage, done: (body: OutgoingBody) => void): void {
  const length = request.headers['content-length'];
  if (length === undefined) {
    done(request.headers['transfer-encoding'] === undefined ? null : request);
    return;
  }
  if (Number(length) > heldBytes) {
    done(request);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    done(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
}
