import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'vitest';

/** Servers that misbehave, and the proof that errors about them tell no secret. */
export class Failing {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** A port that nobody listens on. */
  async dead(): Promise<number> {
    const server = createServer();
    const port = await this.#listen(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  /** Takes connections and says only `greeting`. */
  hanging(greeting = ''): Promise<number> {
    return this.#listen(
      createServer((socket) => {
        socket.resume();
        if (greeting !== '') socket.write(greeting);
      }),
    );
  }

  /** Answers every HTTP request alike. */
  answering(status: number, body: string): Promise<number> {
    return this.#listen(
      createHttpServer((request, response) => {
        request.resume();
        response.writeHead(status).end(body);
      }),
    );
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers.splice(0)) server.close();
  }
}

/** The error of a promise; fails when there is none, or when it shows one of the secrets. */
export async function failure(work: Promise<unknown>, ...secrets: string[]): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  const shown = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`;
  for (const secret of secrets) expect(shown).not.toContain(secret);
  return error;
}
