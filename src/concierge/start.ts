import type { AddressInfo } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { createApp } from './http/app.ts';
import type { Identity } from './identity.ts';
import { closeServices, openServices } from './open-services.ts';
import type { ConciergePlugin } from './plugin.ts';
import type { Settings } from './settings.ts';
import { createLog, type Log } from './telemetry/log.ts';

export interface StartOptions {
  readonly settings: Settings;
  readonly identity: Identity;
  readonly plugins?: readonly ConciergePlugin[];
  /** Standard output when left out. */
  readonly log?: Log;
}

/** A server that listens. */
export interface RunningConcierge {
  /** Base address, for instance `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Finishes what runs, keeps what is buffered, and ends within two seconds. */
  close(): Promise<void>;
}

/** Time in which every answer asks its client to connect anew, before no connection is taken. */
const farewellMs = 250;
const drainMs = 1_000;

/**
 * Lets the loop take what lies in the kernel: new connections, and requests on kept ones. A busy
 * process is late, and would take a connection for idle whose request it has not read yet.
 */
async function readWhatHasArrived(): Promise<void> {
  for (let pass = 0; pass < 2; pass += 1) await nextTurn();
}

/** Starts the concierge and resolves when it listens. Rejects when it cannot serve. */
export async function startConcierge(options: StartOptions): Promise<RunningConcierge> {
  const { settings, identity, plugins = [] } = options;
  const log = options.log ?? createLog(identity.build);
  const services = await openServices(settings, identity, log);
  let closing = false;
  const announceFarewell: ConciergePlugin = (app) => {
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) reply.header('connection', 'close');
      done();
    });
  };
  try {
    const app = await createApp(services, [announceFarewell, ...plugins]);
    await app.listen({ host: settings.host, port: settings.port });
    const { port } = app.server.address() as AddressInfo;
    log.info('listening', { host: settings.host, port, environment: settings.environment });
    let closed: Promise<void> | undefined;
    const close = async () => {
      closing = true;
      // A question to the model may take longer than the drain: the rules answer it now.
      services.conversation.close();
      await delay(farewellMs);
      await readWhatHasArrived();
      const drained = new AbortController();
      const drain = async () => {
        await delay(drainMs, undefined, { signal: drained.signal });
        app.server.closeAllConnections();
      };
      const draining = drain().catch(() => undefined);
      await app.close();
      drained.abort();
      await draining;
      await closeServices(services);
    };
    return {
      url: `http://${settings.host}:${port}`,
      close: () => {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    await closeServices(services);
    throw error;
  }
}
