import { Agent, buildConnector, type Dispatcher } from 'undici';

/** Origin -> origin, as curl's --connect-to: where to connect instead, the Host header kept. */
export type ConnectMap = Readonly<Record<string, string>>;

/**
 * The one dispatcher of aurora's outgoing HTTP. A request to a mapped origin connects to the other
 * one; the request line and Host header stay those of the original address. A mapping from https to
 * http (a laptop's edge) drops TLS for that origin only.
 */
export function createDispatcher(connect: ConnectMap = {}): Dispatcher {
  const connector = buildConnector({ timeout: 5_000 });
  const targets = new Map(Object.entries(connect).map(([from, to]) => [from, new URL(to)]));
  return new Agent({
    connections: 16,
    keepAliveTimeout: 4_000,
    connect: (options, callback) => {
      const protocol = options.protocol ?? 'http:';
      const defaultPort = protocol === 'https:' ? '443' : '80';
      const port = options.port === '' || options.port === defaultPort ? '' : `:${options.port}`;
      const target = targets.get(`${protocol}//${options.hostname}${port}`);
      if (target === undefined) return connector(options, callback);
      return connector(
        {
          ...options,
          protocol: target.protocol,
          hostname: target.hostname,
          host: target.host,
          port: target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port,
          ...(target.protocol === 'https:' ? { servername: options.hostname } : {}),
        },
        callback,
      );
    },
  });
}
