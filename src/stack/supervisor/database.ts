import { type Document, type IndexDescription, MongoClient } from 'mongodb';
import { environmentNames } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import { addressesOf } from './addresses.ts';
import { databaseNames, type StackLayout } from './layout.ts';

/** Where the data of a rehearsal goes. */
export interface SeededDatabases {
  readonly staging: string;
  readonly production: string;
  readonly events: string;
}

/** What is put in: collection -> documents for both shops, and the events of the past. */
export interface DatabaseSeed {
  readonly widget: Readonly<Record<string, readonly Document[]>>;
  readonly events: readonly Document[];
}

/** Indexes by database and collection. */
export type IndexRecord = ReadonlyMap<string, ReadonlyMap<string, readonly IndexDescription[]>>;

const batch = 1_000;

/** Runs work on a client of the address, which may be any MongoDB; closes it again. */
export async function withClient<T>(
  uri: string,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 3_000,
    retryWrites: false,
    maxPoolSize: 4,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function insert(
  client: MongoClient,
  database: string,
  collection: string,
  documents: readonly Document[],
): Promise<void> {
  const target = client.db(database).collection(collection);
  for (let at = 0; at < documents.length; at += batch) {
    // Copies: the driver writes `_id` into what it is given, and both shops get the same documents.
    const part = documents.slice(at, at + batch).map((document) => ({ ...document }));
    await target.insertMany(part, { ordered: false });
  }
}

/**
 * Drops the three databases and fills them anew. They have no indexes afterwards but the built-in ones:
 * making those is the migration's business.
 */
export async function seedDatabase(
  uri: string,
  databases: SeededDatabases,
  seed: DatabaseSeed,
): Promise<void> {
  await withClient(uri, async (client) => {
    const all = [databases.staging, databases.production, databases.events];
    await Promise.all(all.map((name) => client.db(name).dropDatabase()));
    for (const environment of environmentNames) {
      for (const [collection, documents] of Object.entries(seed.widget)) {
        await insert(client, databases[environment], collection, documents);
      }
    }
    await insert(client, databases.events, 'events', seed.events);
  });
}

/** All indexes of the stack's databases, to be made again after the server was lost. */
export async function readIndexes(layout: StackLayout): Promise<IndexRecord> {
  const names = Object.values(databaseNames(layout));
  return withClient(addressesOf(layout).mongodb, async (client) => {
    const record = new Map<string, Map<string, IndexDescription[]>>();
    for (const name of names) {
      const collections = new Map<string, IndexDescription[]>();
      for (const { name: collection } of await client.db(name).listCollections().toArray()) {
        const found = await client.db(name).collection(collection).listIndexes().toArray();
        collections.set(collection, found.filter(isMade).map(description));
      }
      record.set(name, collections);
    }
    return record;
  });
}

const isMade = (index: Document) => index.name !== '_id_';

/** As `createIndexes` wants it: without the version that the server added. */
function description(index: Document): IndexDescription {
  const { v: _version, ns: _namespace, ...rest } = index;
  return rest as IndexDescription;
}

/** Makes indexes; those that are there already stay. */
export async function makeIndexes(layout: StackLayout, record: IndexRecord): Promise<void> {
  await withClient(addressesOf(layout).mongodb, async (client) => {
    for (const [database, collections] of record) {
      for (const [collection, indexes] of collections) {
        if (indexes.length > 0) {
          await client
            .db(database)
            .collection(collection)
            .createIndexes([...indexes]);
        }
      }
    }
  });
}

/**
 * Drops the index of staging's feedback that the plan demands, and answers what makes it again.
 * RELEASE_STATE when there is none: nothing was migrated yet.
 */
export async function dropFeedbackIndex(layout: StackLayout): Promise<IndexRecord> {
  const { staging } = databaseNames(layout);
  return withClient(addressesOf(layout).mongodb, async (client) => {
    const collection = client.db(staging).collection('csatFeedback');
    const all = await collection.listIndexes().toArray().catch(noCollection);
    const found = all.filter((index) => Object.keys(index.key ?? {})[0] === 'sessionId');
    if (found.length === 0) {
      throw new AuroraError('RELEASE_STATE', 'csatFeedback has no index on sessionId to drop', {
        where: `${staging}.csatFeedback`,
        remedy: 'Migrate staging first.',
      });
    }
    for (const { name } of found) await collection.dropIndex(String(name));
    return new Map([[staging, new Map([['csatFeedback', found.map(description)]])]]);
  });
}

function noCollection(error: unknown): Document[] {
  if ((error as { codeName?: unknown }).codeName === 'NamespaceNotFound') return [];
  throw error;
}
