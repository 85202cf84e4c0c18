import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/concierge/migrate.ts';
import { keepRetention } from '../../src/concierge/retention/run.ts';
import type { OrderDocument, SubscriptionDocument } from '../../src/concierge/storage/documents.ts';
import { MongoStore } from '../../src/concierge/storage/mongo-store.ts';
import { freshSession } from './support/ask.ts';
import { useWorld } from './support/world.ts';

const world = useWorld();
const day = 86_400_000;
const now = Date.UTC(2026, 5, 15, 12);
const ago = (days: number) => new Date(now - days * day);

const run = (dryRun: boolean) =>
  keepRetention({ mongodbUri: world.variables().MONGODB_URI ?? '', dryRun, now });
const doneOf = (report: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(report.rules.map(({ collection, done }) => [collection, done]));

describe('retention', () => {
  const rated = (sessionId: string, days: number) => ({
    sessionId,
    rating: 'needs_follow_up',
    score: 2,
    intent: 'track_order',
    comment: 'the clasp is loose',
    orderNumber: 'GG-12001',
    timestamp: ago(days),
  });
  const order = (orderNumber: string, days: number, delivered?: number): OrderDocument => ({
    orderNumber,
    customerEmail: 'old@example.com',
    status: delivered === undefined ? 'shipped' : 'delivered',
    createdAt: ago(days),
    ...(delivered === undefined ? {} : { shipping: { deliveredAt: ago(delivered) } }),
  });
  const subscribed = (subscriptionId: string, orderNumber?: string): SubscriptionDocument => ({
    subscriptionId,
    sessionId: `sess_of_${subscriptionId}`,
    ...(orderNumber === undefined ? {} : { orderNumber }),
    channel: 'sms',
    contactHash: 'a'.repeat(64),
    consentAt: ago(400),
    subscribedAt: ago(400),
  });
  beforeAll(async () => {
    await world.db
      .collection('csatFeedback')
      .insertMany([rated('sess_old', 91), rated('sess_new', 89)]);
    await world.db
      .collection('orders')
      .insertMany([
        order('OLD-1', 401, 181),
        order('OLD-2', 401, 179),
        order('OLD-3', 401),
        order('OLD-7', 7 * 366, 7 * 365),
      ]);
    await world.db
      .collection('widgetOrderSubscriptions')
      .insertMany([
        subscribed('sub_delivered', 'OLD-1'),
        subscribed('sub_recent', 'OLD-2'),
        subscribed('sub_waiting', 'OLD-3'),
        subscribed('sub_gone', 'OLD-0'),
        subscribed('sub_without'),
      ]);
  });

  it('says in a dry run what is due, and changes nothing', async () => {
    const report = await run(true);
    expect(report.rules.map(({ collection, due, done }) => [collection, due, done])).toEqual([
      ['csatFeedback', 1, 0],
      ['widgetOrderSubscriptions', 3, 0],
      ['orders', 1, 0],
    ]);
    expect(await world.db.collection('orders').findOne({ orderNumber: 'OLD-7' })).not.toBeNull();
    expect(
      await world.db.collection('csatFeedback').findOne({ sessionId: 'sess_old' }),
    ).not.toBeNull();
  });
  it('does each thing once, however many run side by side', async () => {
    const reports = await Promise.all([run(false), run(false), run(false)]);
    const sum = (collection: string) =>
      reports.reduce((total, report) => total + (doneOf(report)[collection] ?? 0), 0);
    expect(sum('csatFeedback')).toBe(1);
    expect(sum('widgetOrderSubscriptions')).toBe(3);
    expect(sum('orders')).toBe(1);
    expect((await run(false)).rules.every(({ due }) => due === 0)).toBe(true);
  });
  it('keeps how it was rated, and not by whom', async () => {
    const feedback = world.db.collection('csatFeedback');
    const anonymous = await feedback.findOne({ timestamp: ago(91) });
    expect(anonymous).toMatchObject({ rating: 'needs_follow_up', score: 2, intent: 'track_order' });
    expect(anonymous?.sessionId).toMatch(/^anon_/);
    expect(anonymous).not.toHaveProperty('comment');
    expect(anonymous).not.toHaveProperty('orderNumber');
    expect(await feedback.findOne({ sessionId: 'sess_new' })).toHaveProperty('comment');
  });
  it('ends no subscription of an order that is on its way or just delivered', async () => {
    const left = await world.db.collection('widgetOrderSubscriptions').find().toArray();
    expect(left.map(({ subscriptionId }) => subscriptionId).sort()).toEqual([
      'sub_recent',
      'sub_waiting',
    ]);
    const orders = await world.db.collection('orders').find({ customerEmail: 'old@example.com' });
    expect((await orders.toArray()).map(({ orderNumber }) => orderNumber).sort()).toEqual([
      'OLD-1',
      'OLD-2',
      'OLD-3',
    ]);
  });
});

describe('store', () => {
  const store = () => new MongoStore(world.db);
  const many = <T>(work: (n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 12 }, (_, n) => work(n)));

  it('keeps one shortlist and one session where twelve savings meet', async () => {
    const sessionId = freshSession();
    await many((n) => store().saveShortlist(sessionId, 'sl_one', [{ n }]));
    expect(await world.db.collection('widgetShortlists').countDocuments({ sessionId })).toBe(1);
    const sessions = await world.db.collection('widgetSessions').find({ sessionId }).toArray();
    expect(sessions).toEqual([expect.objectContaining({ sessionId, shortlistId: 'sl_one' })]);
  });
  it('lets one of twelve ratings count', async () => {
    const sessionId = freshSession();
    const counted = await many(() =>
      store().addFeedback({ sessionId, rating: 'great', score: 5, timestamp: new Date() }),
    );
    expect(counted.filter(Boolean)).toHaveLength(1);
  });
  it('reserves one of twelve capsules', async () => {
    const sessionId = freshSession();
    await store().saveShortlist(sessionId, 'sl_two', [1, 2]);
    const reserved = await many((n) =>
      store().reserveCapsule(
        {
          capsuleId: `cap_${sessionId}_${n}`,
          sessionId,
          customerEmail: 'a@example.com',
          status: 'active',
          reservedAt: new Date(),
          expiresAt: new Date(Date.now() + day),
        },
        'sl_two',
      ),
    );
    expect(reserved.filter(({ state }) => state === 'reserved')).toHaveLength(1);
    expect(await world.db.collection('capsuleHolds').countDocuments({ sessionId })).toBe(1);
  });
  it('remembers the newest turns and pictures of a session, for 30 days', async () => {
    const sessionId = freshSession();
    const said = (n: number) => ({
      role: 'guest' as const,
      type: `${n}`,
      intent: null,
      timestamp: new Date(n),
    });
    await store().addMessages(
      sessionId,
      Array.from({ length: 150 }, (_, n) => said(n)),
    );
    await store().addMessages(
      sessionId,
      Array.from({ length: 100 }, (_, n) => said(150 + n)),
    );
    await store().addInspiration({
      inspirationId: `ins_${sessionId}`,
      sessionId,
      assetUrl: 'https://media.example.com/one',
      file: { name: 'one.png', contentType: 'image/png', sizeBytes: 1 },
      moderationStatus: 'pending_review',
      createdAt: new Date(),
    });
    const session = await world.db.collection('widgetSessions').findOne({ sessionId });
    expect(session?.messages).toHaveLength(200);
    expect(session?.messages.at(-1)).toMatchObject({ type: '249' });
    expect(session?.inspirationUrls).toEqual(['https://media.example.com/one']);
    expect(Number(session?.expiresAt) - Number(session?.updatedAt)).toBe(30 * day);
  });
});

describe('migrations', () => {
  const eventsDatabase = `events_migrated_${process.pid}`;
  const own = () => {
    const url = new URL(world.variables().MONGODB_URI ?? '');
    url.pathname = `/migrated_${process.pid}`;
    return url.href;
  };
  const db = () => world.db.client.db(`migrated_${process.pid}`);
  afterAll(async () => {
    await db().dropDatabase();
    await world.db.client.db(eventsDatabase).dropDatabase();
  });

  it('bring an old database with data forward, twice at once, and note each step once', async () => {
    // As the first release left it: some indexes, documents without the newer fields.
    await db().collection('csatFeedback').createIndex({ sessionId: 1 }, { unique: true });
    await db()
      .collection('capsuleHolds')
      .insertMany([{ sessionId: 'sess_a' }, { sessionId: 'sess_b' }]);
    const target = { mongodbUri: own(), eventsDatabase };
    const reports = await Promise.all([migrateUp(target), migrateUp(target)]);
    const applied = reports.flatMap((report) => report.applied).sort();
    expect(applied).toEqual([...new Set(applied)]);
    expect(applied).toEqual(expect.arrayContaining(['001-widget-indexes', '004-retention']));
    const noted = await db().collection('migrations').find().toArray();
    expect(noted.map(({ _id }) => String(_id)).sort()).toEqual(applied);
    expect((await migrateUp(target)).applied).toEqual([]);
  });
  it('keep documents for as long as the retention table says', async () => {
    const days = async (collection: string, field: string, of = db()) => {
      const indexes = await of.collection(collection).listIndexes().toArray();
      const ttl = indexes.find(
        ({ key, expireAfterSeconds }) => field in key && expireAfterSeconds !== undefined,
      );
      return Number(ttl?.expireAfterSeconds) / 86_400;
    };
    expect(await days('widgetShortlists', 'expiresAt')).toBe(0);
    expect(await days('capsuleHolds', 'expiresAt')).toBe(0);
    expect(await days('widgetSessions', 'expiresAt')).toBe(0);
    expect(await days('idempotencyKeys', 'expiresAt')).toBe(0);
    expect(await days('csatFeedback', 'timestamp')).toBe(365);
    expect(await days('stylistTickets', 'createdAt')).toBe(365);
    expect(await days('returns', 'createdAt')).toBe(365);
    expect(await days('widgetInspiration', 'createdAt')).toBe(30);
    expect(await days('renderJobs', 'createdAt')).toBe(30);
    expect(await days('events', 'timestamp', world.db.client.db(eventsDatabase))).toBe(180);
  });
});
