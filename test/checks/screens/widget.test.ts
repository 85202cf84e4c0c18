import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { CheckContext } from '../../../src/checks/kind.ts';
import { screens } from '../../../src/checks/screens/screens.ts';
import { sha256 } from '../../../src/proof/digest.ts';
import { openChromium } from '../../../src/services/browser/chromium.ts';
import type { DatabaseService } from '../../../src/services/database/database.ts';
import { openMongodb } from '../../../src/services/database/mongodb.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { skipReason } from '../../browser/support/chromium.ts';
import { type Shop, useShop } from '../../browser/support/shop.ts';
import { contextWith, environmentWith, someServices } from '../support/context.ts';

const origin = 'https://shop.example';
const params = { environment: 'staging', list: 'screens.yaml' } as const;

let directory: string;
let database: DatabaseService;

/** Staging behind a name that only the configuration's map leads to. */
function contextOf(shop: Shop): CheckContext {
  const dispatcher = createDispatcher({ [origin]: shop.url });
  return contextWith({
    evidence: directory,
    environments: {
      staging: { ...environmentWith('staging', {}, origin), dispatcher },
      production: environmentWith('production', {}),
    },
    services: someServices({
      browser: () => openChromium(process.env, dispatcher),
      database: async () => database,
    }),
  });
}

async function leftBehind(shop: Shop): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const db of [shop.world.db, shop.world.events]) {
    for (const { name } of await db.listCollections().toArray()) {
      counts[`${db.databaseName}.${name}`] = await db.collection(name).countDocuments();
    }
  }
  return counts;
}

describe.skipIf(skipReason !== undefined)('screens of the real widget', () => {
  const shop = useShop();
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aurora-screens-'));
    const uri = shop.world.variables().MONGODB_URI ?? '';
    const name = shop.world.db.databaseName;
    const events = { database: shop.world.events.databaseName, collection: 'events' };
    const databases = { staging: name, production: name };
    database = openMongodb({ uri: new Secret(uri, 'test'), databases, events });
  });
  afterAll(async () => {
    await database?.close();
    await rm(directory, { recursive: true });
  });

  it('show all six journeys, keep a picture of each, and leave nothing behind', async () => {
    const before = await leftBehind(shop);
    const results = await screens.run(params, contextOf(shop));
    const journeys = results.slice(0, 6);
    expect(journeys.map(({ id, status, observed }) => [id, status, observed])).toEqual(
      ['find-product', 'track-order', 'returns', 'capsule', 'stylist', 'csat'].map((id) => [
        `screens/staging/${id}`,
        'pass',
        'as expected; screenshot',
      ]),
    );
    expect(await readdir(directory)).toHaveLength(6);
    for (const { evidence } of journeys) {
      const picture = await readFile(String(evidence?.file));
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      expect(evidence).toMatchObject({
        sha256: sha256(picture),
        address: `${origin}/demo`,
        builds: ['b'.repeat(64)],
      });
    }
    expect(await leftBehind(shop)).toMatchObject(before);
    // Nobody named a viewer: a gate that wants the dashboards too has not seen them.
    expect(results.slice(6)).toMatchObject([
      { status: 'error', observed: expect.stringContaining('environments.staging.viewer') },
    ]);
  }, 60_000);
});
