import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a tiny server sees it. */
export interface Asked {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly host: string;
  readonly token: string;
  readonly body: unknown;
}

/** A tiny server's answer; texts go out as they are, anything else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `'hang-up'` closes the connection without a word, as a company does to a process that is gone. */
export type Answering = (asked: Asked) => Answer | 'hang-up' | Promise<Answer | 'hang-up'>;

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { authorization = '', host = '' } = request.headers;
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    host,
    token: authorization.replace(/^Bearer /, ''),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** A server that runs. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on loopback, at a free port. */
export async function listening(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Starts a tiny server over one function. */
export function serve(answering: Answering): Promise<Running> {
  return listening(
    createServer((request, response) => {
      const answer = async () => {
        const said = await answering(await read(request));
        if (said === 'hang-up') return void request.socket.destroy();
        const { status = 200, headers = {}, body = {} } = said;
        const isText = typeof body === 'string';
        const type = isText ? 'text/plain' : 'application/json';
        response.writeHead(status, { 'content-type': type, ...headers });
        response.end(isText ? body : JSON.stringify(body));
      };
      answer().catch(() => response.destroy());
    }),
  );
}
