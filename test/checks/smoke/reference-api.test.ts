import { join } from 'node:path';
import { Writable } from 'node:stream';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/base/package-root.ts';
import { Secret } from '../../../src/base/secret.ts';
import { indexes } from '../../../src/checks/indexes.ts';
import { smoke } from '../../../src/checks/smoke/smoke.ts';
import { stubsOff } from '../../../src/checks/stubs-off.ts';
import { migrateUp } from '../../../src/concierge/migrate.ts';
import { readSettings } from '../../../src/concierge/settings.ts';
import { type RunningConcierge, startConcierge } from '../../../src/concierge/start.ts';
import { createLog } from '../../../src/concierge/telemetry/log.ts';
import type { DatabaseService } from '../../../src/services/database/database.ts';
import { openMongodb } from '../../../src/services/database/mongodb.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { start as startMongo } from '../../../src/stack/mongo/start.ts';
import { seedDocuments } from '../../../src/stack/seed/seed.ts';
import { candidate, contextWith, environmentWith, someServices } from '../support/context.ts';
import { secretsWith } from '../support/memory.ts';

const apiKey = 'reference-api-key-0123456789abcdef';
const digest = 'd'.repeat(64);
const silent = new Writable({ write: (_chunk, _encoding, done) => done() });

let mongo: RunningPart;
let client: MongoClient;
let database: DatabaseService;
let concierge: RunningConcierge;

beforeAll(async () => {
  mongo = await startMongo({ port: 0 });
  const uri = mongo.endpoints.mongodb ?? '';
  client = new MongoClient(uri);
  const mongodbUri = `${uri}/concierge_staging`;
  await migrateUp({ mongodbUri, eventsDatabase: 'aurora' });
  const seed = await seedDocuments(join(packageRoot(), 'fixtures/data'), Date.now());
  await client
    .db('concierge_staging')
    .collection('products')
    .insertMany([...(seed.widget.products ?? [])]);
  database = openMongodb({
    uri: new Secret(uri, 'test'),
    databases: { staging: 'concierge_staging', production: 'concierge' },
    events: { database: 'aurora', collection: 'events' },
  });
  concierge = await startConcierge({
    settings: readSettings({
      PORT: '0',
      AURORA_ENVIRONMENT: 'staging',
      AURORA_FAKE_MODE: 'false',
      AURORA_USE_STUBS: 'false',
      MONGODB_URI: mongodbUri,
      CONCIERGE_API_KEY: apiKey,
    }),
    identity: { build: digest, widget: { digest: candidate, content: Buffer.alloc(0) } },
    log: createLog(digest, silent),
  });
}, 30_000);

afterAll(async () => {
  await concierge?.close();
  await database?.close();
  await client?.close();
  await mongo?.close();
});

function context() {
  const variables = { CONCIERGE_API_KEY: 'vault:aurora-staging-api-key' };
  return contextWith({
    environments: {
      staging: environmentWith('staging', variables, concierge.url),
      production: environmentWith('production', {}),
    },
    services: someServices({
      database: async () => database,
      secrets: async () => secretsWith({ 'aurora-staging-api-key#value': apiKey }),
    }),
  });
}

/** How many documents there are in everything that a smoke run writes. */
async function documents(): Promise<number> {
  let sum = 0;
  for (const name of ['concierge_staging', 'aurora']) {
    for (const { name: collection } of await client.db(name).listCollections().toArray()) {
      sum += await client.db(name).collection(collection).countDocuments();
    }
  }
  return sum;
}

const play = () => smoke.run(smoke.params.parse({ environment: 'staging' }), context());

describe('the checks against the reference API', () => {
  it('pass the smoke checklist twice side by side, and leave the database as it was', async () => {
    const before = await documents();
    const [one, other] = await Promise.all([play(), play()]);
    expect([...one, ...other].map(({ id, status, observed }) => [id, status, observed])).toEqual(
      [...one, ...other].map(({ id, observed }) => [id, 'pass', observed]),
    );
    expect(one).toHaveLength(6);
    expect(one[0]?.evidence).toMatchObject({ answers: [{ build: digest }] });
    expect(await documents()).toBe(before);
  });

  it('find the indexes that its migration makes', async () => {
    const results = await indexes.run(indexes.params.parse({ environment: 'staging' }), context());
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  });

  it('miss an index that is gone', async () => {
    await client.db('concierge_staging').collection('csatFeedback').dropIndexes();
    const results = await indexes.run(indexes.params.parse({ environment: 'staging' }), context());
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'fail']);
  });

  it('see that its stubs are off', async () => {
    const params = stubsOff.params.parse({ of: 'environment', environment: 'staging' });
    const results = await stubsOff.run(params, context());
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  });
});
