import Fastify, { type FastifyInstance } from 'fastify';
import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { EventBuffer } from '../../../src/concierge/analytics/event-buffer.ts';
import { writeEventsTo } from '../../../src/concierge/analytics/write-events.ts';
import { RedisSessionCache } from '../../../src/concierge/sessions/session-cache.ts';
import { connectMongo } from '../../../src/concierge/storage/connect.ts';
import { type RunningPart, runPart } from '../../../src/stack/child.ts';
import type { Recorded } from './record.ts';
import { keyOf, type RouteName } from './routes.ts';
import { usageNow } from './usage.ts';

export interface BareOptions {
  readonly mongodb: string;
  readonly redis: string;
  readonly eventsDatabase: string;
  /** What the concierge answered and which event it emitted, by route and question. */
  readonly recorded: readonly Recorded[];
}

interface Question {
  readonly sessionId: string;
  readonly [field: string]: unknown;
}

const cacheMs = 10_000;
const text = { type: 'string' } as const;
const session = { ...text, pattern: '^[\\w.:-]{6,128}$' };
const card = {
  type: 'object',
  required: ['productId', 'name', 'price', 'currency'],
  properties: {
    productId: text,
    name: text,
    price: { type: 'number', minimum: 0 },
    currency: text,
  },
} as const;

/** What Fastify validates by itself, with the limits that the concierge has. */
const bodies: Readonly<Record<RouteName, object>> = {
  products: {
    type: 'object',
    required: ['sessionId'],
    properties: {
      sessionId: session,
      category: { enum: ['ring', 'earrings', 'necklace', 'bracelet'] },
      readyToShip: { type: 'boolean' },
      limit: { type: 'integer', minimum: 1, maximum: 25 },
    },
  },
  'orders/status': {
    type: 'object',
    required: ['sessionId', 'orderNumber'],
    properties: { sessionId: session, orderNumber: { ...text, pattern: '^[\\w-]{4,40}$' } },
  },
  shortlist: {
    type: 'object',
    required: ['sessionId', 'items'],
    properties: { sessionId: session, items: { type: 'array', minItems: 1, items: card } },
  },
};

type Call = (question: Question) => Promise<unknown>;

/** The driver's calls of each route, made as the concierge makes them. */
function callsOn(db: Db): Readonly<Record<RouteName, Call>> {
  const orders: Collection<Document> = db.collection('orders');
  const shortlists: Collection<Document> = db.collection('widgetShortlists');
  const sessions: Collection<Document> = db.collection('widgetSessions');
  let readAt = 0;
  return {
    products: async () => {
      if (Date.now() - readAt < cacheMs) return;
      readAt = Date.now();
      await db.collection('products').find().toArray();
    },
    'orders/status': ({ orderNumber }) =>
      orders.find({ orderNumber }).sort({ createdAt: -1 }).limit(1).toArray(),
    shortlist: async ({ sessionId, items }) => {
      const now = new Date();
      const shortlistId = sessionId;
      const upsert = { upsert: true };
      const kept = {
        $set: { items, updatedAt: now, expiresAt: now },
        $setOnInsert: { shortlistId, createdAt: now },
      };
      const session = {
        $set: { shortlistId, updatedAt: now, expiresAt: now },
        $setOnInsert: { createdAt: now },
      };
      await Promise.all([
        shortlists.updateOne({ sessionId }, kept, upsert),
        sessions.updateOne({ sessionId }, session, upsert),
      ]);
    },
  };
}

/** Routes that validate, ask the driver, tell analytics and the cache, and answer what was recorded. */
function addRoutes(app: FastifyInstance, options: BareOptions, client: MongoClient): void {
  const calls = callsOn(client.db());
  const events = client.db(options.eventsDatabase).collection('events');
  const analytics = new EventBuffer({
    write: writeEventsTo(events),
    onFailure: () => undefined,
  });
  const sessions = new RedisSessionCache(options.redis, 'bench:bare:', () => undefined);
  const answers = new Map(options.recorded.map((one) => [one.key, one]));
  for (const route of Object.keys(bodies) as RouteName[]) {
    app.post(`/bare/${route}`, { schema: { body: bodies[route] } }, async (request, reply) => {
      const question = request.body as Question;
      const { sessionId } = question;
      await calls[route](question);
      const recorded = answers.get(keyOf(route, question));
      if (recorded === undefined) return reply.code(404).send({ code: 'not recorded' });
      analytics.emit({ ...recorded.event, sessionId, timestamp: new Date() });
      const { lastIntent, lastRequestId, build } = recorded.session;
      const updatedAt = new Date().toISOString();
      sessions.remember({ sessionId, updatedAt, lastIntent, lastRequestId, build });
      reply.headers(recorded.headers);
      return recorded.body;
    });
  }
}

async function start(options: BareOptions): Promise<RunningPart> {
  const client = await connectMongo(options.mongodb);
  const app = Fastify({ logger: false, keepAliveTimeout: 72_000 });
  app.get('/bench/usage', async (request) => usageNow(request.url.endsWith('?gc')));
  addRoutes(app, options, client);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { endpoints: { bare: url }, close: () => app.close() };
}

runPart(start);
