import { once } from 'node:events';
import { connect } from 'node:net';
import { deserialize, serialize } from 'bson';
import { type Document, Long, MongoClient, type MongoClientOptions, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { start } from '../../../src/stack/mongo/start.ts';
import { Frames } from '../../../src/stack/mongo/wire/frames.ts';
import { realUri, serverError, useDatabase } from './harness.ts';

const mongo = useDatabase();
const things = () => mongo.db.collection<Document>('things');

describe('cursor', () => {
  it('hands out everything in batches, whatever their size', async () => {
    await things().insertMany(Array.from({ length: 250 }, (_, i) => ({ _id: i as never })));
    for (const batchSize of [0, 1, 2, 100, 1_000]) {
      const docs = await things().find({}, { batchSize }).sort({ _id: 1 }).toArray();
      expect(docs.map((doc) => doc._id)).toEqual(Array.from({ length: 250 }, (_, i) => i));
    }
    const stages = [{ $match: { _id: { $gte: 50 } } }, { $sort: { _id: -1 } }];
    const docs = await things().aggregate(stages, { batchSize: 7 }).toArray();
    expect(docs).toHaveLength(200);
  });

  it('has a 64-bit id and ends when it is killed', async () => {
    await things().insertMany(Array.from({ length: 10 }, () => ({})));
    const command = { find: 'things', batchSize: 2 };
    const { cursor } = await mongo.db.command(command, { promoteLongs: false });
    expect(cursor.id).toBeInstanceOf(Long);
    expect(cursor.id.isZero()).toBe(false);
    const killed = await mongo.db.command({ killCursors: 'things', cursors: [cursor.id] });
    expect(killed.cursorsKilled).toHaveLength(1);
    const error = await serverError(mongo.db.command({ getMore: cursor.id, collection: 'things' }));
    expect(error).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  it('of a limit or a single batch stays closed', async () => {
    await things().insertMany(Array.from({ length: 10 }, () => ({})));
    expect(await things().find().limit(3).toArray()).toHaveLength(3);
    const { cursor } = await mongo.db.command({ find: 'things', limit: 4, singleBatch: true });
    expect(cursor.firstBatch).toHaveLength(4);
    expect(Number(cursor.id)).toBe(0);
  });

  it('splits results that are longer than a message', async () => {
    const text = 'x'.repeat(5_000_000);
    await things().insertMany(Array.from({ length: 5 }, () => ({ text })));
    const docs = await things().find({}, { batchSize: 100 }).toArray();
    expect(docs.map((doc) => doc.text.length)).toEqual(Array(5).fill(text.length));
  });
});

describe('session of a driver', () => {
  it.each([
    [{}],
    [{ retryWrites: true }],
    [{ directConnection: true }],
    [{ serverApi: undefined, compressors: ['zlib'] }],
    [{ maxPoolSize: 1, monitorCommands: true }],
    [{ writeConcern: { w: 'majority' }, readConcern: { level: 'majority' } }],
  ] as [MongoClientOptions][])('works with %j', async (options) => {
    const client = new MongoClient(mongo.uri, options);
    try {
      const collection = client.db(mongo.db.databaseName).collection('things');
      await collection.insertOne({ a: 1 });
      await client.withSession((session) => collection.insertOne({ a: 2 }, { session }));
      expect(await collection.countDocuments({}, { maxTimeMS: 1_000, comment: 'why' })).toBe(2);
      expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    } finally {
      await client.close();
    }
  });

  it('sends unacknowledged writes that get no answer', async () => {
    const client = new MongoClient(mongo.uri, { maxPoolSize: 1 });
    try {
      const collection = client.db(mongo.db.databaseName).collection('things');
      await collection.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
      // On the same connection: an answer too many would be taken for this one's.
      expect(await collection.countDocuments({ a: 1 })).toBe(1);
    } finally {
      await client.close();
    }
  });

  it('serves many connections at once', async () => {
    const ids = Array.from({ length: 200 }, () => new ObjectId());
    await Promise.all(ids.map((_id) => things().insertOne({ _id })));
    const found = await Promise.all(ids.map((_id) => things().findOne({ _id })));
    expect(found.every((doc, i) => doc?._id.equals(ids[i]))).toBe(true);
  });
});

describe.skipIf(realUri !== undefined)('refusal', () => {
  it.each([
    [{ noSuchCommand: 1 }, 59],
    [{ constructor: 1 }, 59],
    [{ find: 'x', filter: { a: { $in: [1], constructor: 1 } } }, 2],
    [{ aggregate: 'x', pipeline: [{ constructor: 1 }], cursor: {} }, 40324],
    [
      { aggregate: 'x', pipeline: [{ $group: { _id: 1, n: { constructor: 1 } } }], cursor: {} },
      15952,
    ],
    [{ update: 'x', updates: [{ q: {}, u: { $set: { a: 1 }, constructor: { a: 1 } } }] }, 9],
    [{ bulkWrite: 1, ops: [], nsInfo: [] }, 59],
    [{ find: 'x', hint: 'a_1' }, 40415],
    [{ find: 'x', filter: {}, collation: { locale: 'de' } }, 40415],
    [{ find: 'x', filter: { $where: 'true' } }, 2],
    [{ find: 'x', filter: { $expr: true } }, 2],
    [{ find: 'x', filter: { a: { $type: 'string' } } }, 2],
    [{ find: 'x', filter: { 'a.0': null } }, 238],
    [{ find: 'x', projection: { a: { $slice: 1 } } }, 238],
    [{ find: 'x', filter: { a: { $regex: '(?<=a)b' } } }, 238],
    [{ find: 'x', filter: { a: { $regex: '\\p{L}' } } }, 238],
    [{ find: 'x', filter: { a: { $regex: 'a', $options: 'x' } } }, 238],
    [{ find: 'x', filter: { a: { $regex: '(' } } }, 51091],
    [{ find: 'x', readConcern: { level: 'snapshot' } }, 238],
    [{ aggregate: 'x', pipeline: [{ $lookup: {} }], cursor: {} }, 40324],
    [{ aggregate: 'x', pipeline: [{ $project: { a: '$$ROOT' } }], cursor: {} }, 238],
    [{ update: 'x', updates: [{ q: {}, u: [{ $set: { a: 1 } }] }] }, 238],
    [{ update: 'x', updates: [{ q: {}, u: { $set: { 'a.$[]': 1 } } }] }, 238],
    [{ update: 'x', updates: [{ q: {}, u: { $set: { a: 1 } }, arrayFilters: [] }] }, 40415],
    [{ update: 'x', updates: [{ q: {}, u: { $set: { a: { $each: [1] } } } }] }, 52],
    [{ update: 'x', updates: [{ q: {}, u: { $push: { a: { $each: [1], $sort: 1 } } } }] }, 238],
    [{ update: 'x', updates: [{ q: {}, u: { $rename: { a: 'b' } } }] }, 9],
    [{ insert: 'x', documents: [{ $a: 1 }] }, 52],
    [{ insert: 'x', documents: [{ 'a.b': 1 }] }, 57],
    [{ insert: 'x', documents: [{ a: /x/ }] }, 238],
    [{ createIndexes: 'x', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 238],
    [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'a', hidden: true }] }, 238],
    [{ create: 'x', capped: true }, 40415],
    [{ insert: 'system.users', documents: [{}] }, 238],
  ] as [Document, number][])('of %j', async (command, code) => {
    const reply = await mongo.db.command(command).catch((error: unknown) => error as Document);
    const [writeError] = (reply as Document).writeErrors ?? [];
    expect(writeError?.code ?? (reply as Document).code).toBe(code);
    expect(await things().countDocuments()).toBe(0);
  });

  it('of types that could not be compared', async () => {
    const { Decimal128, Timestamp, MinKey } = await import('bson');
    for (const a of [Decimal128.fromString('1.5'), new Timestamp({ t: 1, i: 1 }), new MinKey()]) {
      const error = await serverError(things().insertOne({ a }));
      expect(error).toMatchObject({ code: 238, codeName: 'NotImplemented' });
    }
  });

  it('of transactions and change streams in the words that drivers look for', async () => {
    const session = mongo.client.startSession();
    session.startTransaction();
    const error = await serverError(things().insertOne({}, { session }));
    // The driver puts words of its own around what the server said.
    const said = error.originalError ?? error;
    expect(said.code).toBe(20);
    expect(said.message).toMatch(/^Transaction numbers/);
    await session.endSession();
    const stream = things().watch();
    await expect(stream.next()).rejects.toMatchObject({ code: 40573 });
    await stream.close();
  });

  it('of credentials: there are no users', async () => {
    const uri = mongo.uri.replace('mongodb://', 'mongodb://aurora:secret@');
    const client = new MongoClient(uri);
    expect((await serverError(client.db('x').command({ ping: 1 }))).code).toBe(18);
    await client.close();
  });
});

describe.skipIf(realUri !== undefined)('the wire itself', () => {
  const address = () => Number(new URL(mongo.uri).port);

  function message(body: Uint8Array): Buffer {
    const head = Buffer.alloc(21);
    head.writeInt32LE(21 + body.length, 0);
    head.writeInt32LE(77, 4);
    head.writeInt32LE(2013, 12);
    return Buffer.concat([head, body]);
  }

  it('answers messages that arrive byte by byte, and several at once', async () => {
    const socket = connect(address(), '127.0.0.1');
    const ping = message(serialize({ ping: 1, $db: 'admin' }));
    for (const byte of ping) socket.write(Buffer.of(byte));
    socket.write(Buffer.concat([ping, ping]));
    let received = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 3 * received.readInt32LE(0)) break;
    }
    const length = received.readInt32LE(0);
    expect(received.length).toBe(3 * length);
    expect(received.readInt32LE(8)).toBe(77);
    expect(deserialize(received.subarray(21, length))).toEqual({ ok: 1 });
  });

  it('reads document sequences', async () => {
    const socket = connect(address(), '127.0.0.1');
    const command = message(serialize({ insert: 'things', $db: mongo.db.databaseName }));
    const docs = Buffer.concat([serialize({ a: 1 }), serialize({ a: 2 })]);
    const sequence = Buffer.alloc(5 + 'documents'.length + 1);
    sequence[0] = 1;
    sequence.writeInt32LE(sequence.length - 1 + docs.length, 1);
    sequence.write('documents', 5);
    const whole = Buffer.concat([command, sequence, docs]);
    whole.writeInt32LE(whole.length, 0);
    socket.write(whole);
    await once(socket, 'data');
    socket.destroy();
    expect(await things().distinct('a')).toEqual([1, 2]);
  });

  it.each([
    ['a length that cannot be', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['an operation of old', Buffer.from([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 210, 7, 0, 0])],
    ['a body cut short', message(Buffer.from([200, 0, 0, 0, 0]))],
  ])('closes the connection on %s, and serves the others', async (_, bytes) => {
    const socket = connect(address(), '127.0.0.1');
    socket.write(bytes);
    await once(socket, 'close');
    expect(await mongo.client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('answers bytes that are no BSON with an error', async () => {
    const socket = connect(address(), '127.0.0.1');
    socket.write(message(Buffer.from([8, 0, 0, 0, 99, 97, 0, 0])));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(deserialize(reply.subarray(21))).toMatchObject({ ok: 0, code: 22 });
    socket.destroy();
  });

  it('listens on loopback only and frees its port when closed', async () => {
    const part = await start({ port: 0 });
    const uri = part.endpoints.mongodb ?? '';
    expect(uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(uri).port);
    await part.close();
    const again = await start({ port });
    await again.close();
  });

  it('reports a port that is taken', async () => {
    await expect(start({ port: address() })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('frames', () => {
  it('come out whole however the stream is cut', () => {
    const sizes = [16, 40, 17, 300];
    const stream = Buffer.concat(
      sizes.map((size, i) => {
        const frame = Buffer.alloc(size, i + 1);
        frame.writeInt32LE(size, 0);
        return frame;
      }),
    );
    for (const step of [1, 3, 16, 50, 1_000]) {
      const frames = new Frames(1_000);
      const seen: Buffer[] = [];
      for (let at = 0; at < stream.length; at += step) {
        seen.push(...frames.push(stream.subarray(at, at + step)));
      }
      expect(seen.map((frame) => frame.length)).toEqual(sizes);
      expect(Buffer.concat(seen).equals(stream)).toBe(true);
    }
  });
});
