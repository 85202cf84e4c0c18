import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import type { Identity } from '../../../src/concierge/identity.ts';
import { migrateUp } from '../../../src/concierge/migrate.ts';
import type { ConciergePlugin } from '../../../src/concierge/plugin.ts';
import { readSettings } from '../../../src/concierge/settings.ts';
import { type RunningConcierge, startConcierge } from '../../../src/concierge/start.ts';
import { createLog } from '../../../src/concierge/telemetry/log.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { start as startMongo } from '../../../src/stack/mongo/start.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';
import { seedDocuments } from '../../../src/stack/seed/seed.ts';
import { type FlagServer, startFlagServer } from './flag-server.ts';

export const apiKey = 'test-key-of-the-concierge';
export const dataDirectory = fileURLToPath(new URL('../../../fixtures/data', import.meta.url));

/** Not a packed build: the sources run as they are. */
export const identity: Identity = {
  build: 'b'.repeat(64),
  widget: { digest: 'e'.repeat(64), content: Buffer.from('/* widget */') },
};

/** The services that the concierge talks to, and ways to start it. */
export interface World {
  readonly db: Db;
  readonly events: Db;
  readonly redis: Redis;
  readonly flags: FlagServer;
  /** Where Redis keeps a session. */
  sessionKey(sessionId: string): string;
  /** The environment variables of a slot. */
  variables(overrides?: Record<string, string>): Record<string, string>;
  start(options?: {
    readonly variables?: Record<string, string>;
    readonly plugins?: readonly ConciergePlugin[];
    readonly lines?: string[];
  }): Promise<RunningConcierge>;
}

interface Opened {
  readonly mongo: RunningPart | undefined;
  readonly cache: RunningPart | undefined;
  readonly client: MongoClient;
  readonly mongoUri: string;
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly flags: FlagServer;
}

/** A seeded and migrated world for the tests of one file; real servers when they are given. */
export function useWorld(): World {
  const suffix = randomBytes(6).toString('hex');
  const names = { widget: `concierge_${suffix}`, events: `events_${suffix}` };
  const sessionPrefix = `test:${suffix}:session:`;
  let opened: Opened | undefined;
  const running: RunningConcierge[] = [];
  const get = (): Opened => {
    if (opened === undefined) throw new Error('used before the first test');
    return opened;
  };
  beforeAll(async () => {
    opened = await open(names.widget);
    const { client, mongoUri } = opened;
    await migrateUp({ mongodbUri: mongoUri, eventsDatabase: names.events });
    const seed = await seedDocuments(dataDirectory, Date.now());
    // Not what the past left behind: tests count what they themselves do.
    for (const collection of ['products', 'orders']) {
      const documents = seed.widget[collection] ?? [];
      await client
        .db()
        .collection(collection)
        .insertMany(documents.map((one) => ({ ...one })));
    }
  });
  afterAll(async () => {
    await Promise.all(running.map((concierge) => concierge.close()));
    const { client, redis, mongo, cache, flags } = get();
    await client.db().dropDatabase();
    await client.db(names.events).dropDatabase();
    await client.close();
    redis.disconnect();
    await Promise.all([mongo?.close(), cache?.close(), flags.close()]);
  });
  const variables = (overrides: Record<string, string> = {}): Record<string, string> => ({
    PORT: '0',
    HOST: '127.0.0.1',
    AURORA_SLOT: 'blue',
    AURORA_ENVIRONMENT: 'staging',
    MONGODB_URI: get().mongoUri,
    AURORA_EVENTS_DATABASE: names.events,
    REDIS_URL: get().redisUrl,
    AURORA_SESSION_PREFIX: sessionPrefix,
    CONCIERGE_API_KEY: apiKey,
    CONCIERGE_BUCKET_SECRET_ACCESS_KEY: 'bucket-secret',
    AURORA_FAKE_MODE: 'false',
    AURORA_USE_STUBS: 'false',
    UNLEASH_URL: get().flags.url,
    UNLEASH_API_TOKEN: get().flags.token,
    UNLEASH_ENVIRONMENT: 'development',
    ...overrides,
  });
  return {
    get db() {
      return get().client.db();
    },
    get events() {
      return get().client.db(names.events);
    },
    get redis() {
      return get().redis;
    },
    get flags() {
      return get().flags;
    },
    sessionKey: (sessionId) => `${sessionPrefix}${sessionId}`,
    variables,
    start: async ({ variables: overrides, plugins = [], lines = [] } = {}) => {
      const log = createLog(identity.build, intoLines(lines));
      const settings = readSettings(variables(overrides));
      const concierge = await startConcierge({ settings, identity, plugins, log });
      running.push(concierge);
      return concierge;
    },
  };
}

async function open(database: string): Promise<Opened> {
  const { AURORA_TEST_MONGODB_URI: realMongo, AURORA_TEST_REDIS_URL: realRedis } = process.env;
  const mongo = realMongo === undefined ? await startMongo({ port: 0 }) : undefined;
  const cache = realRedis === undefined ? await startRedis({ port: 0 }) : undefined;
  const mongoUrl = new URL(realMongo ?? mongo?.endpoints.mongodb ?? '');
  mongoUrl.pathname = `/${database}`;
  const mongoUri = mongoUrl.href;
  const redisUrl = realRedis ?? cache?.endpoints.redis ?? '';
  return {
    mongo,
    cache,
    client: await new MongoClient(mongoUri, { retryWrites: false }).connect(),
    mongoUri,
    redis: new Redis(redisUrl),
    redisUrl,
    flags: await startFlagServer(),
  };
}

function intoLines(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      done();
    },
  });
}
