import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { DatabaseService } from '../../../src/services/database/database.ts';
import { openMongodb } from '../../../src/services/database/mongodb.ts';
import { openEventMetrics } from '../../../src/services/metrics/events.ts';
import { useDatabase } from '../../stack/mongo/harness.ts';

const mongo = useDatabase();
const signal = AbortSignal.timeout(20_000);
const database = `aurora_test_ratings_${randomBytes(4).toString('hex')}`;
const build = 'c'.repeat(64);
const query = { environment: 'production' as const, build };
const lagMs = 60_000;
const opened: DatabaseService[] = [];

function open(uri = mongo.uri) {
  const service = openMongodb({
    uri: new Secret(uri, 'env:TEST_URI'),
    databases: { staging: 'unused', production: 'unused' },
    events: { database, collection: 'events' },
    timeoutMs: 3_000,
  });
  opened.push(service);
  return openEventMetrics(service, lagMs);
}

afterAll(async () => {
  await mongo.client.db(database).dropDatabase();
  for (const service of opened) await service.close();
});

/** An event of so many seconds ago. */
const event = (secondsAgo: number, more: object = {}) => ({
  event: 'aurora_csat_submitted',
  timestamp: new Date(Date.now() - secondsAgo * 1_000),
  sessionId: 'sess_1',
  requestId: 'req_1',
  environment: 'prod',
  build,
  rating: 'great',
  ...more,
});

const write = (...events: readonly object[]) =>
  mongo.client
    .db(database)
    .collection('events')
    .insertMany(events.map((one) => ({ ...one })));

describe('metrics of the events', () => {
  beforeEach(async () => {
    await mongo.client.db(database).dropDatabase();
  });

  it('are the ratings of one build and environment in the window, and nothing else', async () => {
    await write(
      event(600),
      event(300),
      event(200),
      event(120, { rating: 'needs_follow_up' }),
      event(120, { build: 'd'.repeat(64) }),
      event(120, { environment: 'staging' }),
      event(120, { event: 'aurora_products_shown', rating: undefined }),
      event(120, { rating: 'of another kind' }),
    );
    const since = Date.now() - 400_000;
    const counters = await open().read({ ...query, since }, signal);
    expect(counters).toMatchObject({
      since,
      csat: { great: 2, needsFollowUp: 1 },
      unknown: ['endpoints', 'sessions'],
    });
  });

  it('end before the lag, and where they are told to', async () => {
    await write(event(30), event(90), event(200));
    const metrics = open();
    const since = Date.now() - 400_000;
    const late = await metrics.read({ ...query, since }, signal);
    expect(late.csat.great).toBe(2);
    expect(Math.abs(late.at - (Date.now() - lagMs))).toBeLessThan(2_000);
    const until = Date.now() - 150_000;
    expect(await metrics.read({ ...query, since, until }, signal)).toMatchObject({
      at: until,
      csat: { great: 1, needsFollowUp: 0 },
    });
  });

  it('are zero where the build has events and nobody rated', async () => {
    await write(event(120, { event: 'aurora_products_shown', rating: undefined }));
    const { counts, over } = await open().traffic(query, signal);
    expect(counts.csat).toEqual({ great: 0, needsFollowUp: 0 });
    expect(over).toBe('the last hour');
  });

  it('are no data where the build has no event', async () => {
    await write(event(120, { build: 'd'.repeat(64) }));
    await expect(open().read(query, signal)).rejects.toMatchObject({ code: 'NO_DATA' });
  });

  it('are an error where the database is away, and doctor says so', async () => {
    const away = open('mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200');
    await expect(away.read(query, signal)).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    expect(await away.health(signal)).toMatchObject({ ok: false });
    expect(await open().health(signal)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/ratings only$/),
    });
  });
});
