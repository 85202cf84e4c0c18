import { randomBytes } from 'node:crypto';
import { type Db, MongoClient, type MongoClientOptions, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { start } from '../../../src/stack/mongo/start.ts';

/** A real server to compare with; the embedded one when it is not given. */
export const realUri = process.env.AURORA_TEST_MONGODB_URI;

/** What the tests of one file work with. */
export interface Harness {
  readonly client: MongoClient;
  readonly db: Db;
  readonly uri: string;
}

/** A server and an empty database of its own name for the tests of one file. */
export function useDatabase(options: MongoClientOptions = {}): Harness {
  let part: RunningPart | undefined;
  let opened: { client: MongoClient; db: Db; uri: string } | undefined;
  beforeAll(async () => {
    part = realUri === undefined ? await start({ port: 0 }) : undefined;
    const uri = realUri ?? part?.endpoints.mongodb ?? '';
    const client = new MongoClient(uri, { retryWrites: false, ...options });
    opened = { client, db: client.db(`aurora_test_${randomBytes(6).toString('hex')}`), uri };
  });
  beforeEach(async () => {
    await opened?.db.dropDatabase();
  });
  afterAll(async () => {
    await opened?.db.dropDatabase();
    await opened?.client.close();
    await part?.close();
  });
  const get = () => {
    if (opened === undefined) throw new Error('used before the first test');
    return opened;
  };
  return {
    get client() {
      return get().client;
    },
    get db() {
      return get().db;
    },
    get uri() {
      return get().uri;
    },
  };
}

/** The error that the server answered with; fails when the call succeeds. */
export async function serverError(call: Promise<unknown>): Promise<MongoServerError> {
  const error: unknown = await call.then(
    () => new Error('no error'),
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw error;
}
