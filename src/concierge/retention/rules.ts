import { randomUUID } from 'node:crypto';
import type { Db, Filter, ObjectId } from 'mongodb';
import { deliveryOf } from '../endpoints/order-timeline.ts';
import { collectionsOf } from '../storage/collections.ts';
import type {
  FeedbackDocument,
  OrderDocument,
  SubscriptionDocument,
} from '../storage/documents.ts';

const day = 86_400_000;
const anonymousAfter = 90 * day;
const newsAfterDelivery = 180 * day;
const orderYears = 7;

type Ids = readonly ObjectId[];

/** A rule that no TTL index can keep. */
export interface RetentionRule {
  readonly rule: string;
  readonly collection: string;
  /** The documents that were kept for long enough, in batches. */
  due(db: Db, now: number): AsyncIterable<Ids>;
  /** Changes or removes a batch; how many it was that nobody else had done before. */
  carryOut(db: Db, batch: Ids, now: number): Promise<number>;
}

/**
 * What the retention table asks for beyond the TTL indexes. Orders are the shop's: they go here, when
 * somebody asks, and not by an index that a release of the widget brings.
 */
export const rules: readonly RetentionRule[] = [
  {
    rule: 'ratings are anonymous after 90 days',
    collection: 'csatFeedback',
    due: (db, now) =>
      batches(collectionsOf(db).csatFeedback.find(namedSince(now - anonymousAfter))),
    carryOut: anonymise,
  },
  {
    rule: 'subscriptions end 180 days after delivery',
    collection: 'widgetOrderSubscriptions',
    due: endedSubscriptions,
    async carryOut(db, batch) {
      const { widgetOrderSubscriptions } = collectionsOf(db);
      return (await widgetOrderSubscriptions.deleteMany({ _id: { $in: [...batch] } })).deletedCount;
    },
  },
  {
    rule: `orders are kept for ${orderYears} years`,
    collection: 'orders',
    due: (db, now) =>
      batches(collectionsOf(db).orders.find({ createdAt: { $lt: yearsBefore(now) } })),
    async carryOut(db, batch) {
      const { orders } = collectionsOf(db);
      return (await orders.deleteMany({ _id: { $in: [...batch] } })).deletedCount;
    },
  },
];

const namedSince = (before: number): Filter<FeedbackDocument> => ({
  timestamp: { $lt: new Date(before) },
  anonymisedAt: { $exists: false },
});

function yearsBefore(now: number): Date {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() - orderYears);
  return date;
}

/** Rating, intent and time stay: they say how it was, and no longer who it was. */
async function anonymise(db: Db, batch: Ids, now: number): Promise<number> {
  const changes = batch.map((_id) => ({
    updateOne: {
      filter: { _id, anonymisedAt: { $exists: false } },
      update: {
        $set: {
          // The unique index wants one for each.
          sessionId: `anon_${randomUUID().replaceAll('-', '')}`,
          anonymisedAt: new Date(now),
        },
        $unset: { comment: 1, orderNumber: 1, metadata: 1 } as const,
      },
    },
  }));
  const result = await collectionsOf(db).csatFeedback.bulkWrite(changes, { ordered: false });
  return result.modifiedCount;
}

/** Without an order, or with one that is gone, the subscription itself is what ages. */
async function* endedSubscriptions(db: Db, now: number): AsyncIterable<Ids> {
  const { widgetOrderSubscriptions, orders } = collectionsOf(db);
  const before = now - newsAfterDelivery;
  const projection = { orderNumber: 1, subscribedAt: 1 };
  const all = widgetOrderSubscriptions.find({}, { projection });
  for await (const some of inBatches(all)) {
    const orderNumbers = some.flatMap(({ orderNumber }) => orderNumber ?? []);
    const found = await orders.find({ orderNumber: { $in: orderNumbers } }).toArray();
    const byNumber = new Map(found.map((order) => [order.orderNumber, order]));
    const ended = some.filter((one) => endedAt(one, byNumber.get(one.orderNumber ?? '')) < before);
    if (ended.length > 0) yield ended.map(({ _id }) => _id);
  }
}

/** When the news was over; never while an order is on its way. */
function endedAt(
  { subscribedAt }: Pick<SubscriptionDocument, 'subscribedAt'>,
  order: OrderDocument | undefined,
): number {
  if (order === undefined) return subscribedAt.getTime();
  return deliveryOf(order)?.getTime() ?? Number.POSITIVE_INFINITY;
}

const batchSize = 500;

async function* inBatches<T>(found: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const one of found) {
    batch.push(one);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* batches(found: AsyncIterable<{ readonly _id: ObjectId }>): AsyncIterable<Ids> {
  for await (const batch of inBatches(found)) yield batch.map(({ _id }) => _id);
}
