import type { Collection, Db, Document, Filter, Sort } from 'mongodb';
import { type Collections, collectionsOf } from './collections.ts';
import { behind, cursorOf, type Place, placeOf } from './dashboard-cursor.ts';
import type {
  CountedEvent,
  DashboardQueries,
  Listed,
  ListedOrder,
  Stretch,
  Window,
} from './dashboard-queries.ts';
import type { OrderDocument } from './documents.ts';

const withoutId = { projection: { _id: 0 } } as const;
const countedFields = { _id: 0, event: 1, timestamp: 1, sessionId: 1, intent: 1, productId: 1 };
const eventsAtOnce = 1_000;

/** The dashboards' queries in MongoDB: each list walks an index and never skips. */
export class MongoDashboard implements DashboardQueries {
  readonly #in: Collections;
  readonly #events: Collection<Document>;

  constructor(widget: Db, events: Db) {
    this.#in = collectionsOf(widget);
    this.#events = events.collection('events');
  }

  async orders({ status, ...window }: Parameters<DashboardQueries['orders']>[0]) {
    const page = await list(this.#in.orders, window, {
      filter: status === undefined ? {} : { status },
      fields: { at: 'createdAt', id: 'orderNumber' },
      direction: -1,
      placeOf: ({ createdAt, orderNumber }) => ({ at: createdAt ?? new Date(0), id: orderNumber }),
    });
    return { items: await this.#withFeedback(page.items), next: page.next };
  }

  async order(orderNumber: string): Promise<ListedOrder | null> {
    const order = await this.#in.orders.findOne({ orderNumber }, withoutId);
    if (order === null) return null;
    const [listed] = await this.#withFeedback([order]);
    return listed ?? null;
  }

  queue({ status, priority, ...window }: Parameters<DashboardQueries['queue']>[0]) {
    return list(this.#in.stylistTickets, window, {
      filter: priority === undefined ? { status } : { status, priority },
      // `high` comes before `normal` in the alphabet too.
      fields: { rank: 'priority', at: 'createdAt', id: 'ticketId' },
      direction: 1,
      placeOf: ({ priority, createdAt, ticketId }) => ({
        rank: priority,
        at: createdAt,
        id: ticketId,
      }),
    });
  }

  newestTickets(limit: number) {
    const open = this.#in.stylistTickets.find({ status: 'open' }, withoutId);
    return open.sort({ createdAt: -1 }).limit(limit).toArray();
  }

  ticket(ticketId: string) {
    return this.#in.stylistTickets.findOne({ ticketId }, withoutId);
  }

  capsules({ from, until, ...window }: Window & Stretch) {
    return list(this.#in.capsuleHolds, window, {
      filter: { status: 'active', expiresAt: { $gt: from, $lte: until } },
      fields: { at: 'expiresAt', id: 'capsuleId' },
      direction: 1,
      placeOf: ({ expiresAt, capsuleId }) => ({ at: expiresAt, id: capsuleId }),
    });
  }

  unhappy(window: Window) {
    return list(this.#in.csatFeedback, window, {
      // Scores are whole numbers from 1: named, an index gives them in order of time.
      filter: { score: { $in: [1, 2] } },
      fields: { at: 'timestamp', id: 'sessionId' },
      direction: -1,
      placeOf: ({ timestamp, sessionId }) => ({ at: timestamp, id: sessionId }),
    });
  }

  async scores({ from, until }: Stretch): Promise<ReadonlyMap<number, number>> {
    const groups = await this.#in.csatFeedback
      .aggregate<{ _id: number; ratings: number }>([
        { $match: { timestamp: { $gte: from, $lt: until } } },
        { $group: { _id: '$score', ratings: { $sum: 1 } } },
      ])
      .toArray();
    return new Map(groups.map(({ _id, ratings }) => [_id, ratings]));
  }

  events(environment: string, { from, until }: Stretch): AsyncIterable<CountedEvent> {
    return this.#events
      .find<CountedEvent>(
        { environment, timestamp: { $gte: from, $lt: until } },
        { projection: countedFields, batchSize: eventsAtOnce },
      )
      .batchSize(eventsAtOnce);
  }

  async productNames(productIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.#in.products
      .find({ productId: { $in: [...productIds] } })
      .project<{ productId: string; name: string }>({ _id: 0, productId: 1, name: 1 })
      .toArray();
    return new Map(found.map(({ productId, name }) => [productId, name]));
  }

  async #withFeedback(orders: readonly OrderDocument[]): Promise<readonly ListedOrder[]> {
    const named = { orderNumber: { $in: orders.map(({ orderNumber }) => orderNumber) } };
    const [ratings, subscriptions] = await Promise.all([
      this.#in.csatFeedback.find(named, withoutId).toArray(),
      this.#in.widgetOrderSubscriptions.find(named, withoutId).toArray(),
    ]);
    const ratingOf = new Map(ratings.map(({ orderNumber, rating }) => [orderNumber, rating]));
    const channelOf = new Map(subscriptions.map((one) => [one.orderNumber, one.channel]));
    return orders.map((order) => ({
      ...order,
      rating: ratingOf.get(order.orderNumber) ?? null,
      subscribed: channelOf.get(order.orderNumber) ?? null,
    }));
  }
}

interface Listing<T> {
  readonly filter: Record<string, unknown>;
  /** What the list is sorted by; `rank` always upwards. */
  readonly fields: { readonly rank?: string; readonly at: string; readonly id: string };
  readonly direction: 1 | -1;
  placeOf(item: T): Omit<Place, 'rank'> & { readonly rank?: string };
}

/** One page by keyset: one row more than asked for tells whether there is another page. */
async function list<T extends Document>(
  collection: Collection<T>,
  { limit, cursor }: Window,
  { filter, fields, direction, placeOf: place }: Listing<T>,
): Promise<Listed<T>> {
  const further = behind(placeOf(cursor), fields, direction);
  const sort: Sort = {
    ...(fields.rank === undefined ? {} : { [fields.rank]: 1 }),
    [fields.at]: direction,
    [fields.id]: direction,
  };
  const found = await collection
    .find<T>({ $and: [filter, further] } as unknown as Filter<T>, withoutId)
    .sort(sort)
    .limit(limit + 1)
    .toArray();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next =
    found.length > limit && last !== undefined ? cursorOf({ rank: '', ...place(last) }) : null;
  return { items, next };
}
