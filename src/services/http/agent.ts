import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { ChangeGuard } from './change-guard.ts';
import type { ConnectMap } from './connect.ts';
import { guardedBy } from './guarded.ts';

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

/** The connections behind a way out; see there. */
export function openAgent(connect: ConnectMap, guard: ChangeGuard): Dispatcher {
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
