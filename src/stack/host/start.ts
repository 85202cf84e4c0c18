import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunningPart } from '../child.ts';
import { openFences } from '../control/fences.ts';
import { listenControl } from '../control/service.ts';
import { startGuard } from './guard.ts';
import type { HostOptions } from './options.ts';
import { PortTurn } from './ports.ts';
import { createHostService } from './service.ts';
import { createSlots } from './slots.ts';
import { enoughForConcierge } from './warm-up.ts';

/** Starts the host service, with no slot running. Endpoint: `host`. */
export async function startHost(options: HostOptions): Promise<RunningPart> {
  // Copies that an earlier host could not remove; nothing runs from them any more.
  await rm(join(options.directory, 'run'), { recursive: true, force: true });
  const fences = await openFences(join(options.directory, 'fences.json'));
  const guard = startGuard();
  const slots = createSlots({
    directory: options.directory,
    guard,
    warmUp: options.warmUp ?? enoughForConcierge,
    ports: new PortTurn(options.portRange),
    takenPort: () => (app.server.address() as AddressInfo).port,
  });
  await slots.setMetricsAway(null);
  const app = createHostService(options.token, slots, fences);
  const host = await listenControl(app, options.port);
  return {
    endpoints: { host },
    close: async () => {
      await Promise.all([slots.stopAll(), app.close()]);
      await guard.close();
    },
  };
}
