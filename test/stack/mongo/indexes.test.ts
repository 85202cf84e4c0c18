import { type Document, MongoClient } from 'mongodb';
import { describe, expect, it, vi } from 'vitest';
import { start } from '../../../src/stack/mongo/start.ts';
import { realUri, serverError, useDatabase } from './harness.ts';

const mongo = useDatabase();
const things = () => mongo.db.collection<Document>('things');

describe('unique index', () => {
  it('refuses a second document with the same key, and names the key', async () => {
    await things().createIndex({ orderNumber: 1 }, { unique: true });
    await things().insertOne({ orderNumber: 'GG-12001' });
    const error = await serverError(things().insertOne({ orderNumber: 'GG-12001' }));
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { orderNumber: 1 },
      keyValue: { orderNumber: 'GG-12001' },
    });
    expect(error.message).toMatch(
      /E11000 .* index: orderNumber_1 dup key: { orderNumber: "GG-12001" }/,
    );
  });

  it('counts missing as null, unless it is sparse', async () => {
    await things().createIndex({ a: 1 }, { unique: true });
    await things().insertOne({});
    expect((await serverError(things().insertOne({ a: null }))).code).toBe(11000);
    const sparse = mongo.db.collection('sparse');
    await sparse.createIndex({ a: 1 }, { unique: true, sparse: true });
    await sparse.insertMany([{}, {}, { a: 1 }]);
    expect((await serverError(sparse.insertOne({ a: 1 }))).code).toBe(11000);
    expect(await sparse.countDocuments({ a: null })).toBe(2);
  });

  it('over several fields looks at all of them together', async () => {
    await things().createIndex({ a: 1, b: -1 }, { unique: true });
    await things().insertMany([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 'x|', b: 'y' },
      { a: 'x', b: '|y' },
    ]);
    expect((await serverError(things().insertOne({ a: 1, b: 2 }))).code).toBe(11000);
  });

  it('holds for each element of an array, but not within one document', async () => {
    await things().createIndex({ tags: 1 }, { unique: true });
    await things().insertOne({ tags: ['x', 'x', 'y'] });
    expect((await serverError(things().insertOne({ tags: ['y'] }))).code).toBe(11000);
    await things().insertOne({ tags: ['z'] });
  });

  it('holds for updates, upserts and findAndModify, and nothing is half done', async () => {
    await things().createIndex({ k: 1 }, { unique: true });
    await things().insertMany([{ k: 1 }, { k: 2 }]);
    expect((await serverError(things().updateOne({ k: 1 }, { $set: { k: 2 } }))).code).toBe(11000);
    const call = things().findOneAndUpdate({ k: 1 }, { $set: { k: 2, x: 1 } });
    expect(await serverError(call)).toMatchObject({ code: 11000, keyValue: { k: 2 } });
    const upsert = things().updateOne({ k: 2, x: 9 }, { $set: { y: 1 } }, { upsert: true });
    expect((await serverError(upsert)).code).toBe(11000);
    const left = await things()
      .find({}, { projection: { _id: 0 } })
      .sort({ k: 1 })
      .toArray();
    expect(left).toEqual([{ k: 1 }, { k: 2 }]);
  });

  it('frees a key when its document changes or goes', async () => {
    await things().createIndex({ k: 1 }, { unique: true });
    await things().insertMany([{ k: 1 }, { k: 2 }]);
    await things().updateOne({ k: 1 }, { $set: { k: 3 } });
    await things().deleteOne({ k: 2 });
    await things().insertMany([{ k: 1 }, { k: 2 }]);
    expect(await things().distinct('k')).toHaveLength(3);
  });

  it('cannot be made over duplicates, and leaves no index behind', async () => {
    await things().insertMany([{ k: 1 }, { k: 1 }]);
    const error = await serverError(things().createIndex({ k: 1 }, { unique: true }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { k: 1 } });
    expect(await things().indexes()).toHaveLength(1);
    await things().insertOne({ k: 1 });
  });
});

describe('an index', () => {
  it('never changes what a query finds', async () => {
    const plain = mongo.db.collection<Document>('plain');
    const values = [1, 1.5, 'x', null, [1, 'x'], [], [[1]], { b: 1 }, [{ b: 1 }, { b: 2 }], true];
    const docs = values.map((a, i) => ({ _id: i as never, a }));
    docs.push({ _id: 10 } as never);
    await things().createIndex({ a: 1 });
    await things().createIndex({ 'a.b': 1, c: 1 });
    await things().insertMany(docs);
    await plain.insertMany(docs);
    const filters = [...values.map((a) => ({ a })), ...[1, null, 2].map((b) => ({ 'a.b': b }))];
    const lists = [
      { a: { $in: [1, 'x', null] } },
      { a: { $all: [1, 'x'] } },
      { a: 1, 'a.b': null },
    ];
    for (const filter of [...filters, ...lists] as Document[]) {
      const [with_, without] = await Promise.all(
        [things(), plain].map(async (each) => each.find(filter).sort({ _id: 1 }).toArray()),
      );
      expect(with_, JSON.stringify(filter)).toEqual(without);
    }
    await things().updateMany({ a: 1 }, { $set: { a: 'moved' } });
    expect(await things().countDocuments({ a: 1 })).toBe(0);
    expect(await things().countDocuments({ a: 'moved' })).toBe(2);
    await things().deleteMany({ a: 'moved' });
    expect(await things().countDocuments({ a: 'moved' })).toBe(0);
  });

  it('is listed with its options', async () => {
    await things().createIndex({ a: 1, b: -1 }, { unique: true, sparse: true });
    await things().createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'ttl' });
    expect(await things().indexes()).toMatchObject([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { key: { a: 1, b: -1 }, name: 'a_1_b_-1', unique: true, sparse: true },
      { key: { expiresAt: 1 }, name: 'ttl', expireAfterSeconds: 0 },
    ]);
  });

  it('can be asked for again, but not with another meaning', async () => {
    await things().createIndex({ a: 1 });
    expect(await things().createIndex({ a: 1 })).toBe('a_1');
    expect((await serverError(things().createIndex({ a: 1 }, { unique: true }))).code).toBe(85);
    expect((await serverError(things().createIndex({ a: 1 }, { name: 'other' }))).code).toBe(85);
    expect((await serverError(things().createIndex({ b: 1 }, { name: 'a_1' }))).code).toBe(86);
    expect(await things().indexes()).toHaveLength(2);
  });

  it('can be dropped, except the one on _id', async () => {
    await things().createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
    await things().dropIndex('a_1');
    expect((await serverError(things().dropIndex('a_1'))).code).toBe(27);
    expect((await serverError(things().dropIndex('_id_'))).code).toBe(72);
    await things().dropIndexes();
    expect(await things().indexes()).toHaveLength(1);
  });

  it('of a collection that is not there is NamespaceNotFound', async () => {
    const error = await serverError(mongo.db.collection('none').listIndexes().toArray());
    expect(error).toMatchObject({ code: 26, codeName: 'NamespaceNotFound' });
  });

  it('refuses options that make no sense', async () => {
    const bad = things().createIndex({ a: 1, b: 1 }, { expireAfterSeconds: 5 });
    expect((await serverError(bad)).code).toBe(67);
    const zero = things().createIndex({ a: 0 as 1 });
    expect((await serverError(zero)).code).toBe(67);
  });
});

describe('collections and databases', () => {
  it('come with the first write, are listed and dropped', async () => {
    expect(await mongo.db.listCollections().toArray()).toEqual([]);
    await mongo.db.createCollection('made');
    await things().insertOne({});
    const names = (await mongo.db.listCollections({}, { nameOnly: true }).toArray()).map(
      (c) => c.name,
    );
    expect(names.sort()).toEqual(['made', 'things']);
    expect(await mongo.db.listCollections({ name: 'made' }).toArray()).toMatchObject([
      { name: 'made', type: 'collection' },
    ]);
    expect(
      (await serverError(mongo.db.createCollection('made', { capped: true, size: 4096 }))).code,
    ).toSatisfy((code) => [48, 40415].includes(Number(code)));
    const { databases } = await mongo.client.db('admin').admin().listDatabases();
    expect(databases.map(({ name }) => name)).toContain(mongo.db.databaseName);
    await mongo.db.dropCollection('made');
    await mongo.db.dropDatabase();
    expect(await mongo.db.listCollections().toArray()).toEqual([]);
  });

  it('names that cannot be are refused', async () => {
    const error = await serverError(mongo.db.command({ insert: 'a$b', documents: [{}] }));
    expect(error.code).toBe(73);
  });
});

describe.skipIf(realUri !== undefined)('TTL index', () => {
  it('removes what has expired, by the clock that the server is given', async () => {
    let now = Date.UTC(2025, 9, 10);
    const part = await start({ port: 0, ttlIntervalMs: 5, now: () => now });
    const client = new MongoClient(part.endpoints.mongodb ?? '');
    try {
      const holds = client.db('shop').collection('capsuleHolds');
      await holds.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 60 });
      const at = (seconds: number) => new Date(now + seconds * 1_000);
      await holds.insertMany([
        { k: 'soon', expiresAt: at(0) },
        { k: 'later', expiresAt: at(100) },
        { k: 'earliest counts', expiresAt: [at(500), at(0)] },
        { k: 'no date', expiresAt: 'never' },
        { k: 'none' },
      ]);
      now += 59_000;
      await client.db('shop').collection('other').insertOne({});
      expect(await holds.countDocuments()).toBe(5);
      now += 1_000;
      await vi.waitFor(async () => expect(await holds.countDocuments()).toBe(3));
      expect(await holds.distinct('k')).toEqual(['later', 'no date', 'none']);
      now += 100_000;
      await vi.waitFor(async () => expect(await holds.distinct('k')).toEqual(['no date', 'none']));
    } finally {
      await client.close();
      await part.close();
    }
  });
});
