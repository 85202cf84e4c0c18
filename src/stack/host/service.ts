import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { environmentNames } from '../../base/environments.ts';
import { type Fences, fenceChanges } from '../control/fences.ts';
import { createControl } from '../control/service.ts';
import { slotPath, startBody } from './order.ts';
import type { Slots } from './slots.ts';

const where = z.enum(environmentNames).nullable().optional();
const faults = z.strictObject({ startFails: where, metricsAway: where });

/** The host's control service: list, start, renew and stop slots, and the faults of a rehearsal. */
export function createHostService(token: string, slots: Slots, fences: Fences): FastifyInstance {
  const app = createControl(token);
  fenceChanges(app, fences, ({ params }) => slotPath.safeParse(params).data?.environment);
  app.get('/slots', async () => slots.list());
  app.post('/slots/:environment/:slot', async (request) => {
    const path = slotPath.parse(request.params);
    return slots.at(path).start({ ...startBody.parse(request.body), ...path });
  });
  app.delete('/slots/:environment/:slot', async (request) => {
    const slot = slots.at(slotPath.parse(request.params));
    await slot.stop();
    return slot.status;
  });
  // Two calls, for whoever routes customers must lead them to the new process in between.
  app.post('/slots/:environment/:slot/successor', async (request) =>
    slots.at(slotPath.parse(request.params)).renew(),
  );
  app.delete('/slots/:environment/:slot/predecessor', async (request) => {
    const slot = slots.at(slotPath.parse(request.params));
    await slot.endPredecessor();
    return slot.status;
  });
  const view = () => ({ startFails: slots.startFails, metricsAway: slots.metricsAway });
  app.get('/faults', async () => view());
  app.post('/faults', async (request) => {
    const { startFails, metricsAway } = faults.parse(request.body);
    if (startFails !== undefined) slots.startFails = startFails;
    if (metricsAway !== undefined) await slots.setMetricsAway(metricsAway);
    return view();
  });
  return app;
}
