import { z } from 'zod';
import { time } from './words.ts';

/** `stack up`, `stack status`, `stack reset`, `stack fault` */
export const stack = z.strictObject({
  format: z.literal(1),
  pid: z.int(),
  startedAt: time,
  directory: z.string(),
  stateDirectory: z.string(),
  control: z.string(),
  config: z.string(),
  addresses: z.record(z.string(), z.string()),
  sources: z.record(z.string(), z.string()),
  parts: z.array(
    z.strictObject({
      name: z.string(),
      pid: z.int(),
      log: z.string(),
      endpoints: z.record(z.string(), z.string()),
      ended: z.string().nullable(),
    }),
  ),
  faults: z.array(z.string()),
});

/** `stack down` */
export const stackDown = z.strictObject({ ran: z.boolean() });

/** `stack shoppers`: the rates that hold now, as the shoppers' service tells them. */
export const shoppers = z.strictObject({ rates: z.unknown() });
