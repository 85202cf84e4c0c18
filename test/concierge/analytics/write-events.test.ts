import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../../src/concierge/analytics/events.ts';
import { writeEventsTo } from '../../../src/concierge/analytics/write-events.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { start } from '../../../src/stack/mongo/start.ts';

let mongo: RunningPart;
let client: MongoClient;
beforeAll(async () => {
  mongo = await start({ port: 0 });
  client = await new MongoClient(mongo.endpoints.mongodb ?? '', { retryWrites: false }).connect();
});
afterAll(async () => {
  await client.close();
  await mongo.close();
});

const event = (n: number): AnalyticsEvent => ({
  event: 'aurora_inline_stylist',
  timestamp: new Date(n),
  sessionId: 'sess_one',
  requestId: `req_${n}`,
  environment: 'dev',
  build: 'b',
});

it('counts an event once, also when its acknowledgement was lost and others came with it', async () => {
  const collection = client.db('events').collection('events');
  const write = writeEventsTo(collection);
  const [first, second, third] = [event(1), event(2), event(2)];
  await write([first, second]);
  await write([first, second, third]);
  expect(await collection.countDocuments()).toBe(3);
});
it('fails while the database is away, so that the events are tried again', async () => {
  const away = await new MongoClient(mongo.endpoints.mongodb ?? '').connect();
  const write = writeEventsTo(away.db('events').collection('away'));
  await away.close();
  const waiting = [event(1)];
  await expect(write(waiting)).rejects.toThrow();
});
