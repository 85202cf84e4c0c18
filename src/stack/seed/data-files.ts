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

const series = z.strictObject({
  event: name,
  /** What sets it apart from another series of the same event; the event's name when left out. */
  as: name.optional(),
  count: z.int().min(0),
  /** Days before now in which it happened; all days of the file when left out. */
  from: age.optional(),
  until: age.optional(),
  /** More and more of it as time goes on, instead of evenly. */
  growing: z.boolean().optional(),
  /** These sessions did that before; otherwise each event has a session of its own. */
  ofTheSessionsOf: name.optional(),
  /** So long after what the session did before; otherwise at times of its own. */
  minutesLater: age.optional(),
  fields: z.record(z.string(), z.unknown()),
  /** Field -> what each event's own number is put behind. */
  numbered: z.record(name, name).optional(),
  /** Field -> values that take turns. */
  turns: z.record(name, z.array(z.unknown()).min(1)).optional(),
  /** Field -> hours after the event, as ISO 8601. */
  hoursLater: z.record(name, age).optional(),
  /** Fields that hold a hash, each event its own. */
  hashed: z.array(name).optional(),
  /** A field that is something else in every n-th event. */
  vary: z
    .strictObject({ field: name, usually: name, every: z.int().min(1), otherwise: name })
    .optional(),
});

const history = z.strictObject({
  about: z.string(),
  /** Stands in the ids of its sessions. */
  name,
  days: z.number().positive(),
  environment: name,
  build: name,
  events: z.array(series),
});

const words = z.array(name).min(1);

/** What the sessions of the past left in the shop's collections. */
const leftBehind = z.strictObject({
  about: z.string(),
  customers: words,
  emailDomain: name,
  summaries: words,
  comments: words,
  stylists: words,
  /** Every n-th order of the series has a subscription. */
  subscribedEvery: z.int().min(1),
  /** One event of staging for so many of production. */
  stagingShare: z.int().min(1),
});

/** The orders to seed, as the file describes them. */
export type OrdersFile = z.infer<typeof orders>;
/** Events of the past, as a file describes them. */
export type HistoryFile = z.infer<typeof history>;
export type EventSeries = z.infer<typeof series>;
/** Words for what the past left behind. */
export type LeftBehindFile = z.infer<typeof leftBehind>;

/** The files of a seed directory. */
export interface DataFiles {
  readonly products: z.infer<typeof products>;
  readonly orders: OrdersFile;
  /** The week that the KPIs of a release are compared with. */
  readonly history: HistoryFile;
  /** What the dashboards show besides: the rest of a quarter. */
  readonly quarter: HistoryFile;
  readonly leftBehind: LeftBehindFile;
}

/** Reads the files of a seed directory. STACK_START_FAILED names one that is bad. */
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
    quarter: await read('quarter.json', history),
    leftBehind: await read('left-behind.json', leftBehind),
  };
}
