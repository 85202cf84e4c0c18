import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AuroraError, messageOf } from '../../base/errors.ts';

const name = z.string().min(1);
const age = z.number().min(0);

/** Products stand in the file as the database keeps them. */
const products = z.array(z.looseObject({ productId: name, category: name }));

const item = z.strictObject({ productId: name, name, custom: z.boolean().optional() });

const orders = z.strictObject({
  about: z.string(),
  named: z.array(
    z.strictObject({
      orderNumber: name,
      customerEmail: z.email(),
      status: name,
      postalCode: name,
      ageDays: age,
      items: z.array(item).min(1),
    }),
  ),
  /** Many alike: number n has the n-th status and product, over and over. */
  series: z.strictObject({
    prefix: name,
    first: z.int().min(0),
    count: z.int().min(0),
    emailPrefix: name,
    emailDomain: name,
    postalCode: name,
    statuses: z.array(name).min(1),
    products: z.array(name).min(1),
    youngestDays: age,
    spreadDays: age,
  }),
});

const history = z.strictObject({
  about: z.string(),
  days: z.number().positive(),
  environment: name,
  build: name,
  events: z.array(
    z.strictObject({
      event: name,
      count: z.int().min(0),
      /** These sessions did that before; otherwise each event has a session of its own. */
      ofTheSessionsOf: name.optional(),
      fields: z.record(z.string(), z.unknown()),
      /** A field that is something else in every n-th event. */
      vary: z
        .strictObject({ field: name, usually: name, every: z.int().min(1), otherwise: name })
        .optional(),
    }),
  ),
});

/** The orders to seed, as the file describes them. */
export type OrdersFile = z.infer<typeof orders>;
/** The events before the first release, as the file describes them. */
export type HistoryFile = z.infer<typeof history>;

/** The files of a seed directory. */
export interface DataFiles {
  readonly products: z.infer<typeof products>;
  readonly orders: OrdersFile;
  readonly history: HistoryFile;
}

/** Reads `products.json`, `orders.json` and `history.json`. STACK_START_FAILED names a bad file. */
export async function readDataFiles(directory: string): Promise<DataFiles> {
  const read = async <T>(file: string, schema: z.ZodType<T>): Promise<T> => {
    const where = join(directory, file);
    try {
      return schema.parse(JSON.parse(await readFile(where, 'utf8')));
    } catch (cause) {
      const reason =
        cause instanceof z.ZodError
          ? `${cause.issues[0]?.path.join('.')}: ${cause.issues[0]?.message}`
          : messageOf(cause);
      throw new AuroraError('STACK_START_FAILED', `seed data is unusable: ${reason}`, {
        where,
        cause,
      });
    }
  };
  return {
    products: await read('products.json', products),
    orders: await read('orders.json', orders),
    history: await read('history.json', history),
  };
}
