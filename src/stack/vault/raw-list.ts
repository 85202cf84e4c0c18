import type { Duplex } from 'node:stream';
import type { VaultRequest } from './exchange.ts';
import { requestOf } from './http-request.ts';

/**
 * The verb LIST is unknown to Node's HTTP parser, which gives up before any handler runs; the bytes
 * it choked on hold the whole request. Undefined when they are something else.
 */
export function rawListRequest(packet: Buffer): VaultRequest | undefined {
  const text = packet.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const target = /^LIST (\/\S*) HTTP\/1\.[01]$/.exec(first)?.[1];
  if (target === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return requestOf('LIST', target, (name) => headers.get(name), {});
}

/** Answers such a request. The parser of this connection is done for, so it ends here. */
export function answerRaw(socket: Duplex, status: number, body: string): void {
  const bytes = Buffer.from(body);
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${status} Vault\r\ncontent-type: application/json\r\ncache-control: no-store\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`,
      ),
      bytes,
    ]),
  );
}
