import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a server that can be cut where it hurts. */
export class Wire {
  /** Called with each answer of the server; true swallows it and cuts the line. */
  swallow: (answer: Buffer) => boolean = () => false;
  /** Called with each request; true lets it pass. */
  passes: (request: Buffer) => boolean = () => true;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(private readonly target: URL) {
    this.#server = createServer((client) => this.#join(client));
  }

  static async to(uri: string, port = 0): Promise<Wire> {
    const wire = new Wire(new URL(uri));
    await wire.listen(port);
    return wire;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Nobody answers at this port any more. */
  async cut(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (this.passes(chunk)) server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (this.swallow(chunk)) client.destroy();
      else client.write(chunk);
    });
  }
}
