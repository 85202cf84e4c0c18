import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { DatabaseService } from '../../../src/services/database/database.ts';
import { openMongodb } from '../../../src/services/database/mongodb.ts';
import { useDatabase } from '../../stack/mongo/harness.ts';

const mongo = useDatabase();
const opened: DatabaseService[] = [];
const never = new AbortController().signal;
const run = randomBytes(4).toString('hex');
const staging = `aurora_test_staging_${run}`;
const production = `aurora_test_production_${run}`;
const eventsDatabase = `aurora_test_events_${run}`;

function open(uri = mongo.uri, timeoutMs = 5_000): DatabaseService {
  const service = openMongodb({
    uri: new Secret(uri, 'env:TEST_URI'),
    databases: { staging, production },
    events: { database: eventsDatabase, collection: 'events' },
    timeoutMs,
  });
  opened.push(service);
  return service;
}

async function dropAll(): Promise<void> {
  for (const name of [staging, production, eventsDatabase])
    await mongo.client.db(name).dropDatabase();
}

async function failure(call: Promise<unknown>): Promise<AuroraError> {
  const error: unknown = await call.then(
    () => new Error('no error'),
    (reason: unknown) => reason,
  );
  if (error instanceof AuroraError) return error;
  throw error;
}

beforeEach(dropAll);
afterAll(async () => {
  for (const service of opened) await service.close();
  await dropAll();
});

const at = (minute: number) => new Date(Date.UTC(2025, 9, 10, 12, minute));
const event = (name: string, minute: number, more: object = {}) => ({
  event: name,
  timestamp: at(minute),
  sessionId: 'sess_1',
  requestId: 'req_1',
  environment: 'prod',
  build: 'b1',
  ...more,
});

describe('indexes', () => {
  it('are reported with their fields, in order', async () => {
    const holds = mongo.client.db(staging).collection('capsuleHolds');
    await holds.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    await holds.createIndex({ createdAt: -1, status: 1 }, { unique: true, name: 'both' });
    expect(await open().indexes('staging', 'capsuleHolds', never)).toEqual([
      { name: '_id_', fields: [{ name: '_id', direction: 1 }], unique: true },
      {
        name: 'expiresAt_1',
        fields: [{ name: 'expiresAt', direction: 1 }],
        unique: false,
        expireAfterSeconds: 0,
      },
      {
        name: 'both',
        fields: [
          { name: 'createdAt', direction: -1 },
          { name: 'status', direction: 1 },
        ],
        unique: true,
      },
    ]);
  });

  it('of a collection that does not exist are none', async () => {
    expect(await open().indexes('production', 'capsuleHolds', never)).toEqual([]);
  });
});

describe('events', () => {
  it('are counted later than `since`, up to `until`, for one build and environment', async () => {
    await mongo.client
      .db(eventsDatabase)
      .collection('events')
      .insertMany([
        event('shown', 0),
        event('shown', 1),
        event('shown', 2),
        event('shown', 2, { build: 'b2' }),
        event('shown', 2, { environment: 'staging' }),
        event('other', 2),
      ]);
    const service = open();
    const filter = { event: 'shown', environment: 'prod' };
    expect(await service.countEvents(filter, never)).toBe(4);
    expect(await service.countEvents({ ...filter, since: at(0) }, never)).toBe(3);
    expect(await service.countEvents({ ...filter, since: at(0), build: 'b1' }, never)).toBe(2);
    expect(await service.countEvents({ ...filter, since: at(0), until: at(1) }, never)).toBe(1);
    expect(await service.countEvents({ ...filter, sessionId: 'sess_2' }, never)).toBe(0);
  });

  it('give the share of negative answers, leaving out those without a rating', async () => {
    const csat = 'aurora_csat_submitted';
    await mongo.client
      .db(eventsDatabase)
      .collection('events')
      .insertMany([
        event(csat, 1, { rating: 'great' }),
        event(csat, 2, { rating: 'needs_follow_up' }),
        event(csat, 2, { rating: 'great' }),
        event(csat, 2),
        event(csat, 2, { rating: 'needs_follow_up', environment: 'staging' }),
      ]);
    const service = open();
    const filter = { environment: 'prod' };
    expect(await service.negativeCsat(filter, never)).toEqual({ bad: 1, n: 3 });
    expect(await service.negativeCsat({ ...filter, since: at(1) }, never)).toEqual({
      bad: 1,
      n: 2,
    });
    expect(await service.negativeCsat({ ...filter, build: 'b2' }, never)).toEqual({ bad: 0, n: 0 });
  });

  it('are aggregated by a pipeline, whose dates stay dates, as far as the last row', async () => {
    const many = Array.from({ length: 300 }, (_, n) => event('shown', 1, { sessionId: `s${n}` }));
    await mongo.client
      .db(eventsDatabase)
      .collection('events')
      .insertMany([...many, event('shown', 2)]);
    const pipeline = [
      { $match: { event: 'shown', timestamp: { $gt: at(0), $lte: at(1) } } },
      { $group: { _id: '$sessionId', n: { $sum: 1 } } },
    ];
    const copy = structuredClone(pipeline);
    const rows = await open().aggregateEvents(pipeline, never);
    expect(rows).toHaveLength(300);
    expect(rows[0]).toEqual({ _id: 's0', n: 1 });
    expect(pipeline).toEqual(copy);
  });

  it('whose pipeline the server does not take are SERVICE_REFUSED', async () => {
    const error = await failure(open().aggregateEvents([{ $nonsense: 1 }], never));
    expect(error.code).toBe('SERVICE_REFUSED');
  });
});

describe('tickets', () => {
  it('count as open when open or queued, in their own environment', async () => {
    await mongo.client
      .db(production)
      .collection('stylistTickets')
      .insertMany([{ status: 'open' }, { status: 'queued' }, { status: 'closed' }]);
    expect(await open().openTickets('production', never)).toBe(2);
    expect(await open().openTickets('staging', never)).toBe(0);
  });
});

describe('traces of a smoke run', () => {
  it('are removed, and nothing else', async () => {
    const widget = mongo.client.db(staging);
    const events = mongo.client.db(eventsDatabase).collection('events');
    for (const sessionId of ['sess_smoke', 'sess_customer']) {
      for (const name of ['widgetShortlists', 'capsuleHolds', 'renderJobs', 'idempotencyKeys']) {
        await widget.collection(name).insertOne({ sessionId });
      }
      await widget.collection('returns').insertOne({ sessionId, orderNumber: 'GG-20001' });
      await events.insertOne(event('shown', 1, { sessionId }));
    }
    const service = open();
    await service.insertOrder('staging', { orderNumber: 'GG-SMOKE-1', sessionId: 'x' }, never);
    await service.insertOrder('staging', { orderNumber: 'GG-20001', sessionId: 'x' }, never);
    await widget.collection('returns').insertOne({ orderNumber: 'GG-SMOKE-1' });

    const traces = { sessionIds: ['sess_smoke'], orderNumbers: ['GG-SMOKE-1'] };
    expect(await service.removeTraces('staging', traces, never)).toBe(8);

    for (const name of [
      'widgetShortlists',
      'capsuleHolds',
      'renderJobs',
      'idempotencyKeys',
      'returns',
    ]) {
      const left = await widget.collection(name).find().toArray();
      expect(left.map((doc) => doc.sessionId)).toEqual(['sess_customer']);
    }
    expect(await events.distinct('sessionId')).toEqual(['sess_customer']);
    expect(await widget.collection('orders').distinct('orderNumber')).toEqual(['GG-20001']);
    expect(await service.removeTraces('staging', traces, never)).toBe(0);
  });

  it('without any key remove nothing', async () => {
    await open().insertOrder('staging', { orderNumber: 'GG-20001' }, never);
    const nothing = { sessionIds: [], orderNumbers: [] };
    expect(await open().removeTraces('staging', nothing, never)).toBe(0);
    expect(await mongo.client.db(staging).collection('orders').countDocuments()).toBe(1);
  });
});

describe('a database that does not answer as wished', () => {
  it('is SERVICE_UNREACHABLE when nobody listens, and the password stays hidden', async () => {
    const service = open('mongodb://aurora:hush-hush-42@127.0.0.1:9/?serverSelectionTimeoutMS=200');
    const error = await failure(service.openTickets('staging', never));
    expect(error.code).toBe('SERVICE_UNREACHABLE');
    expect(error.where).toBe('mongodb://127.0.0.1:9');
    expect(service.label).toBe('mongodb mongodb://127.0.0.1:9');
    const everything = `${error.line} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(everything).not.toContain('hush-hush-42');
    expect(await service.health(never)).toMatchObject({ ok: false, remedy: expect.any(String) });
  });

  it('is SERVICE_REFUSED when the credentials are wrong', async () => {
    const uri = mongo.uri.replace(/^mongodb:\/\/([^@/]*@)?/, 'mongodb://nobody:wrong-password@');
    const error = await failure(open(uri).openTickets('staging', never));
    expect(error.code).toBe('SERVICE_REFUSED');
    expect(error.line).not.toContain('wrong-password');
  });

  it('is SERVICE_UNREACHABLE when it accepts and then stays silent', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const error = await failure(
      open(`mongodb://127.0.0.1:${port}`, 300).openTickets('staging', never),
    );
    expect(error.code).toBe('SERVICE_UNREACHABLE');
    silent.close();
  });

  it('ends at once with the reason of an aborted signal', async () => {
    const service = open('mongodb://127.0.0.1:9');
    const controller = new AbortController();
    const call = service.openTickets('staging', controller.signal);
    controller.abort(new Error('interrupted by a person'));
    await expect(call).rejects.toThrow('interrupted by a person');
  });

  it('is CONFIG_INVALID when the address is none', async () => {
    expect(() => open('http://127.0.0.1')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', where: 'env:TEST_URI' }),
    );
  });

  it('refuses an order with an _id that is taken', async () => {
    const service = open();
    await service.insertOrder('staging', { _id: 'one' }, never);
    const error = await failure(service.insertOrder('staging', { _id: 'one' }, never));
    expect(error.code).toBe('SERVICE_REFUSED');
  });
});

describe('health', () => {
  it('tells the version', async () => {
    expect(await open().health(never)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^MongoDB \d+\.\d+\.\d+/),
    });
  });

  it('does not follow MONGODB_LOG_ALL of the shell', async () => {
    const written: unknown[] = [];
    const original = process.stderr.write.bind(process.stderr);
    process.env.MONGODB_LOG_ALL = 'debug';
    process.stderr.write = (chunk: unknown) => written.push(chunk) > 0;
    try {
      expect((await open().health(never)).ok).toBe(true);
    } finally {
      process.stderr.write = original;
      delete process.env.MONGODB_LOG_ALL;
    }
    expect(written).toEqual([]);
  });
});
