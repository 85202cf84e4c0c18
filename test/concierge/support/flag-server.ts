import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tiny flag server that speaks Unleash's client API. */
export interface FlagServer {
  /** Ends in `/api`, as the slot contract has it. */
  readonly url: string;
  readonly token: string;
  set(flag: string, enabled: boolean): void;
  close(): Promise<void>;
}

const token = 'default:development.test-token';

/** Starts one with every flag on. */
export async function startFlagServer(): Promise<FlagServer> {
  const flags = new Map<string, boolean>([
    ['AURORA_WIDGET_ENABLED', true],
    ['AURORA_TIMELINE_ENABLED', true],
    ['AURORA_RETURNS_ENABLED', true],
  ]);
  const server = createServer((request, response) => {
    if (request.headers.authorization !== token) {
      response.writeHead(401).end();
      return;
    }
    const features = [...flags].map(([name, enabled]) => ({
      name,
      type: 'release',
      enabled,
      stale: false,
      strategies: [
        {
          name: 'flexibleRollout',
          parameters: { rollout: '100', stickiness: 'sessionId', groupId: name },
          constraints: [],
        },
      ],
      variants: [],
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ version: 2, features }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api`,
    token,
    set: (flag, enabled) => void flags.set(flag, enabled),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
