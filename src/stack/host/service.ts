import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { environmentNames } from '../../base/environments.ts';
import { type Fences, fenceChanges } from '../control/fences.ts';
import { createControl } from '../control/service.ts';
import { slotPath, startBody } from './order.ts';
import type { Slots } from './slots.ts';

const faults = z.strictObject({ startFails: z.enum(environmentNames).nullable() });

/** The host's control service: list, start and stop slots, and the one fault of a rehearsal. */
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
  app.get('/faults', async () => ({ startFails: slots.startFails }));
  app.post('/faults', async (request) => {
    slots.startFails = faults.parse(request.body).startFails;
    return { startFails: slots.startFails };
  });
  return app;
}
