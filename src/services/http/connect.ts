import { Agent, buildConnector, type Dispatcher } from 'undici';
import { ChangeGuard } from './change-guard.ts';
import { guardedBy } from './guarded.ts';

/** Origin -> origin, as curl's --connect-to: where to connect instead, the Host header kept. */
export type ConnectMap = Readonly<Record<string, string>>;

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Where a connector is about to go, as a normalised origin; undefined when it is no URL. */
function originOf(options: buildConnector.Options): string | undefined {
  const protocol = options.protocol ?? 'http:';
  const port = options.port || defaultPorts[protocol];
  const name = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
  try {
    return new URL(`${protocol}//${name}:${port}`).origin;
  } catch {
    return undefined;
  }
}

/** The same connection, to another origin. TLS, if any, still asks for the original server's name. */
function redirected(options: buildConnector.Options, target: URL): buildConnector.Options {
  return {
    ...options,
    protocol: target.protocol,
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    host: target.host,
    port: target.port || defaultPorts[target.protocol] || '',
    ...(target.protocol === 'https:' ? { servername: options.servername ?? options.hostname } : {}),
  };
}

/**
 * The one dispatcher of aurora's outgoing HTTP. A request to a mapped origin connects to the other
 * one; the request line and Host header stay those of the original address. A mapping from https to
 * http (a laptop's edge) drops TLS for that origin only. Proxies named by the process environment
 * are ignored: where aurora connects is what its configuration says. Requests that change something
 * wait for the guard.
 */
export function createDispatcher(
  connect: ConnectMap = {},
  guard: ChangeGuard = new ChangeGuard(),
): Dispatcher {
  const connector = buildConnector({ timeout: 5_000 });
  const targets = new Map(
    Object.entries(connect).map(([from, to]) => [new URL(from).origin, new URL(to)]),
  );
  const agent = new Agent({
    connections: 16,
    keepAliveTimeout: 4_000,
    connect: (options, callback) => {
      const target = targets.get(originOf(options) ?? '');
      return connector(target === undefined ? options : redirected(options, target), callback);
    },
  });
  return agent.compose(guardedBy(guard));
}
