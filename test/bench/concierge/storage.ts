import { MongoClient } from 'mongodb';
import { migrateUp } from '../../../src/concierge/migrate.ts';
import { type RunningPart, runPart } from '../../../src/stack/child.ts';
import { start as startMongo } from '../../../src/stack/mongo/start.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';
import { seedDocuments } from '../../../src/stack/seed/seed.ts';

/** What both servers work with. */
export interface StorageOptions {
  /** Where the seed's files lie. */
  readonly data: string;
  readonly database: string;
  readonly eventsDatabase: string;
}

/** The stack's database, seeded and migrated, and its cache, in one process of their own. */
async function start(options: StorageOptions): Promise<RunningPart> {
  const mongo = await startMongo({ port: 0 });
  const redis = await startRedis({ port: 0 });
  const url = new URL(mongo.endpoints.mongodb ?? '');
  url.pathname = `/${options.database}`;
  await migrateUp({ mongodbUri: url.href, eventsDatabase: options.eventsDatabase });
  const client = await new MongoClient(url.href, { retryWrites: false }).connect();
  const { widget } = await seedDocuments(options.data, Date.now());
  for (const [collection, documents] of Object.entries(widget)) {
    await client
      .db()
      .collection(collection)
      .insertMany(documents.map((one) => ({ ...one })));
  }
  await client.close();
  return {
    endpoints: { mongodb: url.href, redis: redis.endpoints.redis ?? '' },
    close: async () => {
      await Promise.all([mongo.close(), redis.close()]);
    },
  };
}

runPart(start);
