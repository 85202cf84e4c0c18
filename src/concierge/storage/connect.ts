import { MongoClient } from 'mongodb';

/**
 * A connection to MongoDB, tried out before it is returned. Writes are not retried by the driver:
 * every one of them is a compare-and-set or has a unique key, and the customer's retry is safe. A write
 * is only acknowledged to a customer once most members of the set have it in their journals; a server
 * that stands alone answers for itself.
 */
export async function connectMongo(uri: string): Promise<MongoClient> {
  const client = new MongoClient(uri, {
    appName: 'aurora-concierge',
    retryWrites: false,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: 5_000 },
    serverSelectionTimeoutMS: 3_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 10_000,
    maxPoolSize: 30,
    minPoolSize: 2,
  });
  try {
    await client.connect();
    await client.db().command({ ping: 1 });
    return client;
  } catch (error) {
    await client.close();
    // The driver's own message names hosts, not credentials; its other properties may.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the database does not answer: ${reason}`);
  }
}

/** Whether a write failed because a unique key exists already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 11_000;
}
