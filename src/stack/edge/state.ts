import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../base/files.ts';
import { slotNames } from '../../deploy/driver.ts';

const loopback = z
  .url({ protocol: /^http$/ })
  .refine((text) => new URL(text).hostname === '127.0.0.1', 'an address on 127.0.0.1')
  .transform((text) => new URL(text).origin);

const target = z.strictObject({ slot: z.enum(slotNames), url: loopback });

/** What `PUT /traffic` takes and the file holds. */
export const trafficSchema = z.strictObject({
  stable: target.nullable(),
  candidate: target.nullable(),
});

/** A slot that takes traffic. */
export type Target = z.infer<typeof target>;
/** Who answers: with addresses, unlike the driver's `Traffic`. */
export type EdgeTraffic = z.infer<typeof trafficSchema>;

const nobody: EdgeTraffic = { stable: null, candidate: null };

/** The traffic of one edge, kept in a file so that a restarted edge routes as before. */
export interface TrafficState {
  readonly current: EdgeTraffic;
  /** Writes the file first: an edge that answered "switched" stays switched. */
  set(next: EdgeTraffic): Promise<void>;
}

async function load(file: string): Promise<EdgeTraffic> {
  try {
    return trafficSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return nobody;
    throw new Error(`the traffic file ${file} cannot be read; remove it to start without slots`, {
      cause: error,
    });
  }
}

/** Opens the state; without a file nobody takes traffic. A file that is not traffic is an error. */
export async function openTrafficState(file: string): Promise<TrafficState> {
  let current = await load(file);
  let last: Promise<unknown> = Promise.resolve();
  const write = async (next: EdgeTraffic) => {
    await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`);
    current = next;
  };
  return {
    get current() {
      return current;
    },
    set: (next) => {
      const done = last.then(() => write(next));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
