import type { AddressInfo } from 'node:net';
import type { RunningPart } from '../child.ts';
import { openFences } from '../control/fences.ts';
import { listenControl } from '../control/service.ts';
import { createAdmin } from './admin.ts';
import { openCohorts } from './cohorts.ts';
import { createCustomers } from './customers.ts';
import type { EdgeOptions } from './options.ts';
import { openPools } from './pools.ts';
import { openTrafficState } from './state.ts';

/**
 * Starts the edge of one environment. Ready with or without Unleash: until flags were seen once,
 * every session is stable. Endpoints: `edge` (customers) and `admin`.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningPart> {
  const traffic = await openTrafficState(options.trafficFile);
  const fences = await openFences(`${options.trafficFile}.fences`);
  const cohorts = await openCohorts(options.unleash, options.refreshMs ?? 1_000);
  const pools = openPools();
  const trusted = new Set(options.trustedProxies);
  const { purgeToken, environment, adminToken: token } = options;
  const customers = createCustomers({ purgeToken, trusted, traffic, pools, cohorts });
  const admin = createAdmin({ token, environment, fences, traffic, pools, cohorts });
  await new Promise<void>((resolve, reject) => {
    customers.once('error', reject);
    customers.listen(options.port, '127.0.0.1', resolve);
  });
  const adminUrl = await listenControl(admin, options.adminPort);
  const { port } = customers.address() as AddressInfo;
  return {
    endpoints: { edge: `http://127.0.0.1:${port}`, admin: adminUrl },
    close: async () => {
      cohorts.close();
      const ended = new Promise<void>((resolve) => customers.close(() => resolve()));
      customers.closeIdleConnections();
      setTimeout(() => customers.closeAllConnections(), 500).unref();
      await Promise.all([ended, admin.close()]);
      await pools.close();
    },
  };
}
