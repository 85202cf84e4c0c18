import type { FastifyInstance } from 'fastify';
import type { EnvironmentName } from '../../base/environments.ts';
import { type Fences, fenceChanges } from '../control/fences.ts';
import { createControl } from '../control/service.ts';
import type { Cohorts } from './cohorts.ts';
import type { Pools } from './pools.ts';
import { type TrafficState, trafficSchema } from './state.ts';

/** What the administration port serves. */
export interface AdminParts {
  readonly token: string;
  readonly environment: EnvironmentName;
  readonly fences: Fences;
  readonly traffic: TrafficState;
  readonly pools: Pools;
  readonly cohorts: Cohorts;
}

/** `GET /traffic` tells who answers and what is known of the flags; `PUT /traffic` switches. */
export function createAdmin(parts: AdminParts): FastifyInstance {
  const { traffic, pools, cohorts } = parts;
  const app = createControl(parts.token);
  fenceChanges(app, parts.fences, () => parts.environment);
  const view = () => ({ ...traffic.current, flags: cohorts.view() });
  app.get('/traffic', async () => view());
  app.put('/traffic', async (request) => {
    await traffic.set(trafficSchema.parse(request.body));
    pools.keepOnly(traffic.current);
    return view();
  });
  return app;
}
