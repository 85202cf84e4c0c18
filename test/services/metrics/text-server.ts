import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers every request with this text, or with what `text` makes of its address. */
export async function serveText(
  text: string | ((address: string) => string),
  status: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(typeof text === 'string' ? text : text(url));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
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
