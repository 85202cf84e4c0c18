import { Binary, type Document, Double, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { serverError, useDatabase } from './harness.ts';

const mongo = useDatabase();

/** Inserts values as documents `{ _id: position, a: value }` and gives the ids that match. */
async function idsOf(docs: readonly Document[], filter: Document): Promise<unknown[]> {
  const collection = mongo.db.collection<Document>('q');
  await collection.deleteMany({});
  await collection.insertMany(docs.map((doc, i) => ({ _id: i as never, ...doc })));
  const found = await collection.find(filter).sort({ _id: 1 }).toArray();
  return found.map((doc) => doc._id);
}

const day = (n: number) => new Date(Date.UTC(2025, 9, n));

describe('equality', () => {
  it('treats the number types as one', async () => {
    const docs = [
      { a: 5 },
      { a: Long.fromNumber(5) },
      { a: new Double(5) },
      { a: 5.5 },
      { a: '5' },
    ];
    expect(await idsOf(docs, { a: 5 })).toEqual([0, 1, 2]);
    expect(await idsOf(docs, { a: Long.fromNumber(5) })).toEqual([0, 1, 2]);
  });

  it('keeps large integers apart that a double would confuse', async () => {
    const docs = [{ a: Long.fromString('9007199254740993') }, { a: 9007199254740992 }];
    expect(await idsOf(docs, { a: Long.fromString('9007199254740993') })).toEqual([0]);
    expect(await idsOf(docs, { a: Long.fromString('9007199254740992') })).toEqual([1]);
  });

  it('finds an element as well as the whole array', async () => {
    const docs = [{ a: [1, 2] }, { a: [[1, 2]] }, { a: 1 }, { a: [2, 1] }];
    expect(await idsOf(docs, { a: 1 })).toEqual([0, 2, 3]);
    expect(await idsOf(docs, { a: [1, 2] })).toEqual([0, 1]);
  });

  it('compares subdocuments whole, field order included', async () => {
    const docs = [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: { x: 1 } }];
    expect(await idsOf(docs, { a: { x: 1, y: 2 } })).toEqual([0]);
  });

  it('enters documents inside arrays on a dotted path, and positions', async () => {
    const docs = [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }, { a: [3, { b: [2] }] }, { a: 2 }];
    expect(await idsOf(docs, { 'a.b': 2 })).toEqual([0, 1, 2]);
    expect(await idsOf(docs, { 'a.1.b': 2 })).toEqual([0, 2]);
    expect(await idsOf(docs, { 'a.0': 3 })).toEqual([2]);
  });

  it('of null matches missing fields, but not arrays without documents', async () => {
    const docs = [{ a: null }, {}, { a: 0 }, { a: [null] }, { a: [] }, { a: undefined }];
    expect(await idsOf(docs, { a: null })).toEqual([0, 1, 3, 5]);
    const nested = [{ a: {} }, { a: 4 }, { a: [] }, { a: [4] }, { a: [{ b: 1 }, {}] }, {}];
    expect(await idsOf(nested, { 'a.b': null })).toEqual([0, 1, 4, 5]);
  });

  it('knows dates, object ids, binaries and booleans by their type', async () => {
    const id = new ObjectId();
    const docs = [
      { a: id },
      { a: day(1) },
      { a: new Binary(Buffer.from('ab')) },
      { a: true },
      { a: 1 },
    ];
    expect(await idsOf(docs, { a: new ObjectId(id.toHexString()) })).toEqual([0]);
    expect(await idsOf(docs, { a: day(1) })).toEqual([1]);
    expect(await idsOf(docs, { a: new Binary(Buffer.from('ab')) })).toEqual([2]);
    expect(await idsOf(docs, { a: true })).toEqual([3]);
  });

  it('is not fooled by names that every object inherits', async () => {
    const docs: Document[] = [{ a: 1 }, { constructor: 'x' }];
    expect(await idsOf(docs, { constructor: { $exists: true } })).toEqual([1]);
    expect(await idsOf(docs, { 'toString.name': { $exists: true } })).toEqual([]);
  });
});

describe('comparison', () => {
  it('stays inside the type of the operand', async () => {
    const docs = [{ a: 1 }, { a: '1' }, { a: day(1) }, { a: null }, {}, { a: [0, 9] }, { a: true }];
    expect(await idsOf(docs, { a: { $gt: 0 } })).toEqual([0, 5]);
    expect(await idsOf(docs, { a: { $gte: day(1) } })).toEqual([2]);
    expect(await idsOf(docs, { a: { $lt: '2' } })).toEqual([1]);
    expect(await idsOf(docs, { a: { $lte: null } })).toEqual([3, 4]);
    expect(await idsOf(docs, { a: { $lt: null } })).toEqual([]);
    expect(await idsOf(docs, { a: { $gte: true } })).toEqual([6]);
  });

  it('takes each bound of a range by itself on arrays', async () => {
    const docs = [{ a: [1, 9] }, { a: [4] }, { a: [9] }];
    expect(await idsOf(docs, { a: { $gt: 3, $lt: 6 } })).toEqual([0, 1]);
    expect(await idsOf(docs, { a: { $elemMatch: { $gt: 3, $lt: 6 } } })).toEqual([1]);
  });

  it('never finds NaN smaller or greater', async () => {
    const docs = [{ a: Number.NaN }, { a: -1 }, { a: 1 }];
    expect(await idsOf(docs, { a: { $lt: 5 } })).toEqual([1, 2]);
    expect(await idsOf(docs, { a: { $gte: Number.NaN } })).toEqual([0]);
    expect(await idsOf(docs, { a: Number.NaN })).toEqual([0]);
  });

  it('compares 64-bit integers with doubles exactly', async () => {
    const docs = [{ a: Long.fromString('9007199254740993') }, { a: 9007199254740992 }, { a: 0.5 }];
    expect(await idsOf(docs, { a: { $gt: 9007199254740992 } })).toEqual([0]);
    expect(await idsOf(docs, { a: { $lt: Long.fromNumber(1) } })).toEqual([2]);
  });
});

describe('the other operators', () => {
  const docs = [{ a: 1 }, { a: 2, b: 'Ring' }, { a: [1, 3] }, { b: null }, { a: [] }];

  it('$ne and $nin are the opposite of the whole match', async () => {
    expect(await idsOf(docs, { a: { $ne: 1 } })).toEqual([1, 3, 4]);
    expect(await idsOf(docs, { a: { $nin: [1, 2] } })).toEqual([3, 4]);
    expect(await idsOf(docs, { b: { $ne: null } })).toEqual([1]);
  });

  it('$in takes values, null and regular expressions', async () => {
    expect(await idsOf(docs, { a: { $in: [2, 3] } })).toEqual([1, 2]);
    expect(await idsOf(docs, { b: { $in: [null] } })).toEqual([0, 2, 3, 4]);
    expect(await idsOf(docs, { b: { $in: [/^ri/i, 'x'] } })).toEqual([1]);
    expect(await idsOf(docs, { a: { $in: [] } })).toEqual([]);
  });

  it('$exists tells missing from null', async () => {
    expect(await idsOf(docs, { b: { $exists: true } })).toEqual([1, 3]);
    expect(await idsOf(docs, { b: { $exists: false } })).toEqual([0, 2, 4]);
    expect(await idsOf(docs, { 'a.0': { $exists: false } })).toEqual([0, 1, 3, 4]);
  });

  it('$exists false on a dotted path holds only when no branch has the field', async () => {
    const nested = [{ a: [{ b: 1 }, {}] }, { a: [{}] }, { a: [] }, { a: { b: 0 } }];
    expect(await idsOf(nested, { 'a.b': { $exists: false } })).toEqual([1, 2]);
  });

  it('$and, $or, $nor and $not combine', async () => {
    expect(await idsOf(docs, { $or: [{ a: 2 }, { b: null, a: 1 }] })).toEqual([0, 1, 2]);
    expect(await idsOf(docs, { $and: [{ a: 1 }, { a: 3 }] })).toEqual([2]);
    expect(await idsOf(docs, { $nor: [{ a: 1 }, { a: 2 }] })).toEqual([3, 4]);
    expect(await idsOf(docs, { a: { $not: { $gt: 1 } } })).toEqual([0, 3, 4]);
    expect(await idsOf(docs, { b: { $not: /ring/i } })).toEqual([0, 2, 3, 4]);
  });

  it('$size and $all look at arrays; $all also at a scalar', async () => {
    expect(await idsOf(docs, { a: { $size: 2 } })).toEqual([2]);
    expect(await idsOf(docs, { a: { $size: 0 } })).toEqual([4]);
    expect(await idsOf(docs, { a: { $all: [1, 3] } })).toEqual([2]);
    expect(await idsOf(docs, { a: { $all: [1] } })).toEqual([0, 2]);
    expect(await idsOf(docs, { a: { $all: [] } })).toEqual([]);
  });

  it('$elemMatch wants one element that meets everything', async () => {
    const items = [{ a: [{ x: 1, y: 2 }] }, { a: [{ x: 1 }, { y: 2 }] }, { a: { x: 1, y: 2 } }];
    expect(await idsOf(items, { a: { $elemMatch: { x: 1, y: 2 } } })).toEqual([0]);
    expect(await idsOf(items, { a: { $elemMatch: { $or: [{ x: 9 }, { y: 2 }] } } })).toEqual([
      0, 1,
    ]);
    expect(await idsOf(items, { 'a.x': 1, 'a.y': 2 })).toEqual([0, 1, 2]);
  });

  it('regular expressions mean what PCRE means', async () => {
    const lines = [
      { a: 'ring\n' },
      { a: 'ring\r' },
      { a: 'a\u00a0b' },
      { a: 'x.y' },
      { a: ['Ring'] },
    ];
    expect(await idsOf(lines, { a: /ring$/ })).toEqual([0]);
    expect(await idsOf(lines, { a: /g.$/ })).toEqual([1]);
    expect(await idsOf(lines, { a: /a\sb/ })).toEqual([]);
    expect(await idsOf(lines, { a: /^x\.y$/ })).toEqual([3]);
    expect(await idsOf(lines, { a: { $regex: '^(?:r|R)[a-z]{2}g$', $options: '' } })).toEqual([
      0, 4,
    ]);
    expect(await idsOf(lines, { a: { $regex: 'RING', $options: 'i' } })).toEqual([0, 1, 4]);
  });
});

describe('a filter that makes no sense', () => {
  it.each([
    [{ a: { $foo: 1 } }, 2],
    [{ $foo: 1 }, 2],
    [{ a: { $in: 1 } }, 2],
    [{ $and: [] }, 2],
    [{ a: { $gt: 1, b: 2 } }, 2],
    [{ a: { $size: -1 } }, 2],
    [{ a: { $all: 1 } }, 2],
  ] as [Document, number][])('%j is refused with code %i', async (filter, code) => {
    const error = await serverError(mongo.db.collection('q').find(filter).toArray());
    expect(error.code).toBe(code);
  });
});

describe('sort', () => {
  it('follows the order of types', async () => {
    const values = [
      day(1),
      true,
      new ObjectId(),
      new Binary(Buffer.from('x')),
      { x: 1 },
      'text',
      3,
      null,
    ];
    const collection = mongo.db.collection<Document>('s');
    await collection.insertMany(values.map((a, i) => ({ _id: i as never, a })));
    const sorted = await collection.find().sort({ a: 1 }).toArray();
    expect(sorted.map((doc) => doc._id)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('takes the smallest element of an array going up and the greatest going down', async () => {
    const collection = mongo.db.collection<Document>('s');
    const values = [[5, 1], [4], [], 3, null];
    await collection.insertMany(values.map((a, i) => ({ _id: i as never, a })));
    const up = await collection.find().sort({ a: 1 }).toArray();
    const down = await collection.find().sort({ a: -1 }).toArray();
    expect(up.map((doc) => doc._id)).toEqual([2, 4, 0, 3, 1]);
    expect(down.map((doc) => doc._id)).toEqual([0, 1, 3, 4, 2]);
  });

  it('orders text by its UTF-8 bytes', async () => {
    const collection = mongo.db.collection<Document>('s');
    const values = ['\u{1f48d}', '\uffee', 'z', 'Z', 'aa', 'a'];
    await collection.insertMany(values.map((a, i) => ({ _id: i as never, a })));
    const sorted = await collection.find().sort({ a: 1 }).toArray();
    expect(sorted.map((doc) => doc._id)).toEqual([3, 5, 4, 2, 1, 0]);
  });

  it('by several keys, with skip and limit, is the same whichever way it is cut', async () => {
    const collection = mongo.db.collection<Document>('s');
    await collection.insertMany(
      Array.from({ length: 3_000 }, (_, i) => ({
        _id: i as never,
        a: (i * 7) % 13,
        b: (i * 31) % 97,
      })),
    );
    const spec = { a: -1, b: 1, _id: 1 } as const;
    const all = await collection.find().sort(spec).toArray();
    const part = await collection.find().sort(spec).skip(5).limit(10).toArray();
    expect(part).toEqual(all.slice(5, 15));
    expect(all[0]).toMatchObject({ a: 12, b: 0 });
  });
});

describe('projection', () => {
  const doc = { _id: 1 as never, a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6], h: 7 };

  it.each([
    [{ a: 1 }, { _id: 1, a: 1 }],
    [{ a: 1, _id: 0 }, { a: 1 }],
    [{ _id: 0 }, { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6], h: 7 }],
    [{ 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    [{ 'e.f': 1, _id: 0 }, { e: [{ f: 4 }] }],
    [
      { 'e.f': 0, b: 0, _id: 0 },
      { a: 1, e: [{ g: 5 }, 6], h: 7 },
    ],
    [{ 'a.x': 1 }, { _id: 1 }],
    [
      { 'h.x': 0, b: 0, e: 0 },
      { _id: 1, a: 1, h: 7 },
    ],
  ] as [Document, Document][])('%j', async (projection, expected) => {
    const collection = mongo.db.collection<Document>('p');
    await collection.insertOne(doc);
    expect(await collection.findOne({}, { projection })).toEqual(expected);
    expect(await collection.findOne({})).toEqual(doc);
  });

  it('refuses to mix keeping and leaving out', async () => {
    const call = mongo.db.collection('p').findOne({}, { projection: { a: 1, b: 0 } });
    expect((await serverError(call)).code).toBe(31254);
    const other = mongo.db.collection('p').findOne({}, { projection: { a: 0, b: 1 } });
    expect((await serverError(other)).code).toBe(31253);
  });
});

describe('count and distinct', () => {
  it('count with and without a filter, skip and limit', async () => {
    const collection = mongo.db.collection<Document>('c');
    await collection.insertMany(Array.from({ length: 10 }, (_, i) => ({ a: i % 2 })));
    expect(await collection.estimatedDocumentCount()).toBe(10);
    expect(await collection.countDocuments({ a: 1 })).toBe(5);
    expect(await collection.countDocuments({ a: 1 }, { skip: 1, limit: 3 })).toBe(3);
    expect(await collection.countDocuments({ a: 9 })).toBe(0);
    expect(await mongo.db.collection('none').countDocuments({})).toBe(0);
  });

  it('distinct takes arrays apart and tells types apart, not number types', async () => {
    const collection = mongo.db.collection<Document>('c');
    await collection.insertMany([{ a: 1 }, { a: [1, '1'] }, { a: Long.ONE }, {}, { a: null }]);
    const values = await collection.distinct('a');
    expect(values).toHaveLength(3);
    expect(new Set(values)).toEqual(new Set([1, '1', null]));
  });
});
