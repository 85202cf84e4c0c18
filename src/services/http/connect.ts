import type { Dispatcher as Connections } from 'undici';
import { ChangeGuard } from './change-guard.ts';

/** Origin -> origin, as curl's --connect-to: where to connect instead, the Host header kept. */
export type ConnectMap = Readonly<Record<string, string>>;

/** The way out for HTTP. Neither connections nor the library for them are there before the first use. */
export interface Dispatcher {
  open(): Promise<Connections>;
  /** Lets what runs come to its end. */
  close(): Promise<void>;
  /** Breaks off what runs. */
  destroy(): Promise<void>;
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
  let opened: Promise<Connections> | undefined;
  return {
    open: () => {
      opened ??= import('./agent.ts').then(({ openAgent }) => openAgent(connect, guard));
      return opened;
    },
    close: async () => (await opened)?.close(),
    destroy: async () => (await opened)?.destroy(),
  };
}
