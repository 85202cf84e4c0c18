import { type Document, Double, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { serverError, useDatabase } from './harness.ts';

const mongo = useDatabase();
const things = () => mongo.db.collection<Document>('things');

/** Updates one document and gives it back without its id. */
async function updated(before: Document, update: Document): Promise<Document | undefined> {
  await things().deleteMany({});
  await things().insertOne({ _id: 1 as never, ...before });
  await things().updateOne({ _id: 1 as never }, update);
  const { _id, ...rest } = (await things().findOne({})) ?? {};
  return rest;
}

describe('insert', () => {
  it('keeps every type through a round', async () => {
    const doc = {
      _id: new ObjectId(),
      text: 'é💍',
      int: 7,
      long: Long.fromString('9007199254740993'),
      double: 7.25,
      whole: new Double(7),
      date: new Date(1_760_000_000_123),
      none: null,
      yes: true,
      list: [1, 'two', { three: 3 }],
    };
    await things().insertOne(doc);
    const raw = await things().findOne({}, { promoteValues: false });
    expect(raw?.long.toString()).toBe('9007199254740993');
    expect(raw?.int._bsontype).toBe('Int32');
    expect(raw?.whole._bsontype).toBe('Double');
    expect(raw?.double.value).toBe(7.25);
    expect(await things().findOne({}, { promoteLongs: false })).toEqual({ ...doc, whole: 7 });
  });

  it('puts _id first and gives one when there is none', async () => {
    await mongo.db.command({ insert: 'things', documents: [{ a: 1, _id: 5 }, { b: 2 }] });
    const docs = await things().find().sort({ a: -1 }).toArray();
    expect(Object.keys(docs[0] ?? {})).toEqual(['_id', 'a']);
    expect(docs[1]?._id).toBeInstanceOf(ObjectId);
  });

  it('ends an ordered batch at its first error and goes on in an unordered one', async () => {
    const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never[];
    const ordered = await serverError(things().insertMany(batch));
    expect(ordered.code).toBe(11000);
    expect(await things().countDocuments()).toBe(1);
    await things().deleteMany({});
    await serverError(things().insertMany(batch, { ordered: false }));
    expect(await things().countDocuments()).toBe(2);
  });

  it('tells the key of a duplicate, and treats number types as one', async () => {
    await things().insertOne({ _id: 1 as never });
    const error = await serverError(things().insertOne({ _id: Long.ONE as never }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { _id: 1 } });
    expect(String(error.keyValue._id)).toBe('1');
    expect(error.message).toContain('E11000');
  });

  it('refuses an array as _id', async () => {
    expect((await serverError(things().insertOne({ _id: [1] as never }))).code).toBe(53);
  });
});

describe('update operators', () => {
  it.each([
    ['$set', { a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
    ['$set at a position', { a: [1] }, { $set: { 'a.2': 3 } }, { a: [1, null, 3] }],
    ['$set below an element', { a: [{ b: 1 }] }, { $set: { 'a.0.b': 2 } }, { a: [{ b: 2 }] }],
    [
      '$unset',
      { a: 1, b: { c: 2, d: 3 } },
      { $unset: { a: '', 'b.c': '', x: '' } },
      { b: { d: 3 } },
    ],
    ['$unset of an element', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    ['$unset below a scalar', { a: 1 }, { $unset: { 'a.b': '' } }, { a: 1 }],
    ['$inc', { a: 1 }, { $inc: { a: 2, b: -1, 'c.d': 1 } }, { a: 3, b: -1, c: { d: 1 } }],
    ['$inc into a double', { a: 1 }, { $inc: { a: 0.5 } }, { a: 1.5 }],
    ['$inc beyond 32 bits', { a: 2147483647 }, { $inc: { a: 1 } }, { a: 2147483648 }],
    ['$min', { a: 5, b: 5 }, { $min: { a: 3, b: 7, c: 1 } }, { a: 3, b: 5, c: 1 }],
    ['$max', { a: 5, b: 5 }, { $max: { a: 3, b: 7 } }, { a: 5, b: 7 }],
    ['$push', { a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
    ['$push $each', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
    ['$push $slice', { a: [1] }, { $push: { a: { $each: [2, 3], $slice: -2 } } }, { a: [2, 3] }],
    ['$push of an array', { a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
    ['$addToSet', { a: [1, 2] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
    ['$addToSet $each', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [
      '$setOnInsert on an update',
      { a: 1 },
      { $setOnInsert: { a: 2 }, $set: { b: 1 } },
      { a: 1, b: 1 },
    ],
  ] as [string, Document, Document, Document][])('%s', async (_, before, update, after) => {
    expect(await updated(before, update)).toEqual(after);
  });

  it('add new fields in the order of their names', async () => {
    const after = await updated({ z: 1 }, { $set: { c: 1, a: 1 }, $inc: { b: 1 } });
    expect(Object.keys(after ?? {})).toEqual(['z', 'a', 'b', 'c']);
  });

  it.each([
    ['$inc on text', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc by text', { a: 1 }, { $inc: { a: 'x' } }, 14],
    ['$push on a scalar', { a: 1 }, { $push: { a: 1 } }, 2],
    ['$set below a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['$set below an array by name', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
    ['two operators on one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a path and one below it', { a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
    ['another _id', { a: 1 }, { $set: { _id: 2 } }, 66],
    ['an unknown operator', { a: 1 }, { $foo: { a: 1 } }, 9],
    ['a path with an empty part', { a: 1 }, { $set: { 'a..b': 1 } }, 56],
    ['$inc beyond 64 bits', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ] as [
    string,
    Document,
    Document,
    number,
  ][])('refuse %s and leave the document alone', async (_, before, update, code) => {
    await things().insertOne({ _id: 1 as never, ...before });
    const error = await serverError(things().updateOne({ _id: 1 as never }, update));
    expect(error.code).toBe(code);
    const after = await things().findOne({}, { promoteLongs: false });
    expect(after).toEqual({ _id: 1, ...before });
  });

  it('do not share what they write between documents', async () => {
    await things().insertMany([{ n: 1 }, { n: 2 }]);
    await things().updateMany({}, { $set: { shared: { count: 0 } } });
    await things().updateOne({ n: 1 }, { $inc: { 'shared.count': 1 } });
    const docs = await things().find().sort({ n: 1 }).toArray();
    expect(docs.map((doc) => doc.shared.count)).toEqual([1, 0]);
  });
});

describe('update results', () => {
  it('count what matched and what really changed', async () => {
    await things().insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
    const many = await things().updateMany({}, { $set: { a: 1 } });
    expect(many).toMatchObject({ matchedCount: 3, modifiedCount: 1, upsertedCount: 0 });
    const one = await things().updateOne({ a: 1 }, { $inc: { a: 1 } });
    expect(one).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    const none = await things().updateOne({ a: 99 }, { $inc: { a: 1 } });
    expect(none).toMatchObject({ matchedCount: 0, modifiedCount: 0 });
  });

  it('a change of the number type alone is a change', async () => {
    await things().insertOne({ a: 1 });
    expect((await things().updateOne({}, { $set: { a: 1 } })).modifiedCount).toBe(0);
    expect((await things().updateOne({}, { $set: { a: Long.ONE } })).modifiedCount).toBe(1);
  });

  it('a replacement keeps the _id and drops the rest', async () => {
    await things().insertOne({ _id: 1 as never, a: 1, b: 2 });
    await things().replaceOne({ a: 1 }, { c: 3 });
    expect(await things().find().toArray()).toEqual([{ _id: 1, c: 3 }]);
    const error = await serverError(things().replaceOne({}, { _id: 2 as never, c: 3 }));
    expect(error.code).toBe(66);
  });

  it('a bulk write counts over all its parts', async () => {
    const result = await things().bulkWrite([
      { insertOne: { document: { _id: 1 as never, a: 1 } } },
      { updateOne: { filter: { a: 1 }, update: { $set: { a: 2 } } } },
      { updateOne: { filter: { a: 9 }, update: { $set: { b: 1 } }, upsert: true } },
      { deleteOne: { filter: { _id: 1 as never } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      modifiedCount: 1,
      upsertedCount: 1,
      deletedCount: 1,
    });
  });
});

describe('upsert', () => {
  it('builds the document from equalities, $set and $setOnInsert', async () => {
    const filter = { sessionId: 's1', 'x.y': { $eq: 2 }, n: { $gt: 5 }, $and: [{ k: 1 }] };
    const update = { $set: { a: 1 }, $setOnInsert: { createdAt: 7 }, $inc: { n: 1 } };
    const result = await things().updateOne(filter, update, { upsert: true });
    expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    const doc = await things().findOne({});
    expect(doc).toEqual({
      _id: result.upsertedId,
      sessionId: 's1',
      x: { y: 2 },
      k: 1,
      a: 1,
      createdAt: 7,
      n: 1,
    });
    expect(Object.keys(doc ?? {})[0]).toBe('_id');
  });

  it('takes the _id from the filter, for operators and replacements', async () => {
    await things().updateOne({ _id: 'a' as never }, { $set: { x: 1 } }, { upsert: true });
    await things().replaceOne({ _id: 'b' as never }, { x: 2 }, { upsert: true });
    const docs = await things().find().sort({ _id: 1 }).toArray();
    expect(docs).toEqual([
      { _id: 'a', x: 1 },
      { _id: 'b', x: 2 },
    ]);
  });

  it('a second one updates instead', async () => {
    const update = { $inc: { n: 1 }, $setOnInsert: { first: true } };
    await things().updateOne({ k: 1 }, update, { upsert: true });
    const again = await things().updateOne({ k: 1 }, update, { upsert: true });
    expect(again).toMatchObject({ matchedCount: 1, upsertedCount: 0 });
    expect(await things().findOne({}, { projection: { _id: 0 } })).toEqual({
      k: 1,
      n: 2,
      first: true,
    });
  });
});

describe('delete', () => {
  it('removes one or all that match', async () => {
    await things().insertMany([{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, { a: 3 }]);
    expect((await things().deleteOne({ a: 1 })).deletedCount).toBe(1);
    expect((await things().deleteMany({ a: { $gte: 2 } })).deletedCount).toBe(3);
    expect((await things().deleteMany({ a: 9 })).deletedCount).toBe(0);
    expect(await things().distinct('a')).toEqual([1]);
  });
});

describe('findAndModify', () => {
  it('gives the document before or after the change', async () => {
    await things().insertOne({ _id: 1 as never, n: 1 });
    const before = await things().findOneAndUpdate({ _id: 1 as never }, { $inc: { n: 1 } });
    expect(before).toEqual({ _id: 1, n: 1 });
    const after = await things().findOneAndUpdate(
      { n: 2 },
      { $inc: { n: 1 } },
      { returnDocument: 'after', projection: { _id: 0 } },
    );
    expect(after).toEqual({ n: 3 });
    expect(await things().findOneAndUpdate({ n: 99 }, { $inc: { n: 1 } })).toBeNull();
  });

  it('compares and sets: only one of many racing writers wins', async () => {
    await things().insertOne({ _id: 'lease' as never, fence: 1 });
    const races = Array.from({ length: 20 }, () =>
      things().findOneAndUpdate({ _id: 'lease' as never, fence: 1 }, { $inc: { fence: 1 } }),
    );
    const winners = (await Promise.all(races)).filter((doc) => doc !== null);
    expect(winners).toHaveLength(1);
    expect(await things().findOne({})).toMatchObject({ fence: 2 });
  });

  it('takes the first by the sort, removes and replaces', async () => {
    await things().insertMany([{ p: 2 }, { p: 1 }, { p: 3 }]);
    expect(await things().findOneAndDelete({}, { sort: { p: 1 } })).toMatchObject({ p: 1 });
    await things().findOneAndReplace({}, { q: 9 }, { sort: { p: -1 } });
    const left = await things()
      .find({}, { projection: { _id: 0 } })
      .sort({ p: 1 })
      .toArray();
    expect(left).toEqual([{ q: 9 }, { p: 2 }]);
  });

  it('upserts, and says so', async () => {
    const result = await things().findOneAndUpdate(
      { k: 'x' },
      { $set: { v: 1 } },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true },
    );
    expect(result.lastErrorObject).toMatchObject({ n: 1, updatedExisting: false });
    expect(result.value).toMatchObject({ k: 'x', v: 1 });
  });
});
