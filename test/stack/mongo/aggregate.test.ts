import { type Document, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { serverError, useDatabase } from './harness.ts';

const mongo = useDatabase();

async function run(docs: readonly Document[], pipeline: readonly Document[]): Promise<Document[]> {
  const collection = mongo.db.collection<Document>('a');
  await collection.deleteMany({});
  if (docs.length > 0)
    await collection.insertMany(docs.map((doc, i) => ({ _id: i as never, ...doc })));
  return collection.aggregate([...pipeline]).toArray();
}

/** A document from pairs: one with a `then` looks like a promise to those who read code. */
const named = (...pairs: readonly [string, unknown][]) => Object.fromEntries(pairs);

/** The value of one expression on one document. */
async function evaluate(doc: Document, expression: unknown): Promise<unknown> {
  const [result] = await run([doc], [{ $project: { _id: 0, v: expression } }]);
  return result?.v;
}

describe('$group', () => {
  const docs = [
    { k: 'a', n: 1, r: 0.1 },
    { k: 'b', n: 5 },
    { k: 'a', n: 3, r: 0.2 },
    { n: 'text' },
    { k: null, n: null },
  ];

  it('counts, sums and averages numbers only', async () => {
    const stages = [
      { $group: { _id: '$k', count: { $sum: 1 }, sum: { $sum: '$n' }, avg: { $avg: '$n' } } },
      { $sort: { _id: 1 } },
    ];
    expect(await run(docs, stages)).toEqual([
      { _id: null, count: 2, sum: 0, avg: null },
      { _id: 'a', count: 2, sum: 4, avg: 2 },
      { _id: 'b', count: 1, sum: 5, avg: 5 },
    ]);
  });

  it('takes the smallest, greatest, first and last', async () => {
    const group = {
      _id: 1,
      min: { $min: '$n' },
      max: { $max: '$n' },
      first: { $first: '$k' },
      last: { $last: '$n' },
    };
    expect(await run(docs, [{ $sort: { _id: 1 } }, { $group: group }])).toEqual([
      { _id: 1, min: 1, max: 'text', first: 'a', last: null },
    ]);
  });

  it('groups by several fields, leaving out missing ones', async () => {
    const stages = [
      { $group: { _id: { k: '$k', big: { $gt: ['$n', 2] } }, n: { $sum: 1 } } },
      { $match: { '_id.k': 'a' } },
      { $sort: { '_id.big': 1 } },
    ];
    expect(await run(docs, stages)).toEqual([
      { _id: { k: 'a', big: false }, n: 1 },
      { _id: { k: 'a', big: true }, n: 1 },
    ]);
    const missing = await run([{ x: 1 }], [{ $group: { _id: { k: '$k' } } }]);
    expect(missing).toEqual([{ _id: {} }]);
  });

  it('puts equal numbers of different types into one group', async () => {
    const mixed = [{ k: 1 }, { k: Long.ONE }, { k: 1.5 }];
    expect(await run(mixed, [{ $group: { _id: '$k' } }])).toHaveLength(2);
  });

  it('adds doubles without the drift of plain addition', async () => {
    const tenths = Array.from({ length: 10 }, () => ({ r: 0.1 }));
    const group = { $group: { _id: null, sum: { $sum: '$r' }, avg: { $avg: '$r' } } };
    expect(await run(tenths, [group])).toEqual([{ _id: null, sum: 1, avg: 0.1 }]);
  });

  it('adds integers beyond 32 and 53 bits exactly', async () => {
    const big = [{ n: 2147483647 }, { n: 1 }, { n: Long.fromString('9007199254740993') }];
    const collection = mongo.db.collection<Document>('a');
    await run(big, []);
    const pipeline = [{ $group: { _id: null, sum: { $sum: '$n' } } }];
    const [result] = await collection.aggregate(pipeline, { promoteLongs: false }).toArray();
    expect(String(result?.sum)).toBe('9007201402224641');
  });

  it('of nothing gives nothing', async () => {
    expect(await run([], [{ $group: { _id: null, n: { $sum: 1 } } }])).toEqual([]);
  });

  it('computes the share of negative answers', async () => {
    const answers = ['great', 'needs_follow_up', 'great', 'great'].map((rating) => ({ rating }));
    const negative = { $cond: [{ $eq: ['$rating', 'needs_follow_up'] }, 1, 0] };
    expect(await run(answers, [{ $group: { _id: null, share: { $avg: negative } } }])).toEqual([
      { _id: null, share: 0.25 },
    ]);
  });
});

describe('the other stages', () => {
  const docs = Array.from({ length: 9 }, (_, i) => ({ n: i, odd: i % 2 === 1 }));

  it('$match, $sort, $skip, $limit and $count follow each other', async () => {
    const stages = [{ $match: { odd: false } }, { $sort: { n: -1 } }, { $skip: 1 }, { $limit: 2 }];
    expect((await run(docs, stages)).map((doc) => doc.n)).toEqual([6, 4]);
    expect(await run(docs, [...stages, { $count: 'left' }])).toEqual([{ left: 2 }]);
  });

  it('$count of nothing gives no document', async () => {
    expect(await run(docs, [{ $match: { n: 99 } }, { $count: 'left' }])).toEqual([]);
  });

  it('$project keeps, leaves out, renames and computes', async () => {
    const doc = { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4 }, { g: 5 }] };
    expect(await run([doc], [{ $project: { a: 1, _id: 0 } }])).toEqual([{ a: 1 }]);
    expect(await run([doc], [{ $project: { b: 0, e: 0 } }])).toEqual([{ _id: 0, a: 1 }]);
    expect(await run([doc], [{ $project: { _id: 0, 'b.d': 1, x: '$b.c', none: '$q' } }])).toEqual([
      { b: { d: 3 }, x: 2 },
    ]);
    expect(await run([doc], [{ $project: { _id: '$a', f: '$e.f' } }])).toEqual([
      { _id: 1, f: [4] },
    ]);
    expect(await run([doc], [{ $project: { z: '$a', y: '$a' } }])).toEqual([
      { _id: 0, z: 1, y: 1 },
    ]);
  });

  it('leaves the stored documents as they are', async () => {
    const doc = { a: [{ b: 1, c: 2 }] };
    await run([doc], [{ $project: { 'a.b': 0 } }]);
    expect(await mongo.db.collection('a').findOne({})).toEqual({ _id: 0, ...doc });
  });
});

describe('expressions', () => {
  it.each([
    [{ $cond: [{ $gt: ['$n', 3] }, 'big', 'small'] }, 'big'],
    [{ $cond: named(['if', '$zero'], ['then', 1], ['else', 2]) }, 2],
    [{ $cond: ['$empty', 1, 2] }, 1],
    [{ $cond: ['$missing', 1, 2] }, 2],
    [{ $eq: ['$missing', null] }, false],
    [{ $gt: ['$none', '$missing'] }, true],
    [{ $gt: ['text', '$n'] }, true],
    [{ $lte: ['$n', 5] }, true],
    [{ $ne: ['$n', 5] }, false],
    [{ $and: ['$n', { $lt: ['$n', 9] }] }, true],
    [{ $or: ['$zero', '$none'] }, false],
    [{ $not: ['$zero'] }, true],
    [{ $divide: ['$n', 2] }, 2.5],
    [{ $divide: ['$n', '$missing'] }, null],
    [{ $subtract: ['$n', 7] }, -2],
    [{ $sum: ['$n', 1, 'text', '$missing'] }, 6],
    [{ $sum: '$list' }, 6],
    [{ $literal: '$n' }, '$n'],
    ['$deep.x', 8],
    ['$docs.y', [1, 2]],
    [
      ['$n', '$missing'],
      [5, null],
    ],
  ])('%j', async (expression, expected) => {
    const doc = {
      n: 5,
      zero: 0,
      none: null,
      empty: '',
      list: [1, 2, 3, 'x'],
      deep: { x: 8 },
      docs: [{ y: 1 }, {}, { y: 2 }],
    };
    expect(await evaluate(doc, expression)).toEqual(expected);
  });

  it('$divide always gives a double', async () => {
    await run([{ n: 4 }], []);
    const pipeline = [{ $project: { v: { $divide: ['$n', 2] } } }];
    const cursor = mongo.db.collection('a').aggregate(pipeline, { promoteValues: false });
    expect((await cursor.toArray())[0]?.v._bsontype).toBe('Double');
  });
});

describe('a pipeline that makes no sense', () => {
  it.each([
    [[{ $foo: {} }], 40324],
    [[{ $match: {}, $limit: 1 }], 40323],
    [[{ $group: { n: { $sum: 1 } } }], 15955],
    [[{ $group: { _id: 1, n: { $foo: 1 } } }], 15952],
    [[{ $group: { _id: 1, n: 5 } }], 40234],
    [[{ $project: { v: { $foo: 1 } } }], 31325],
    [[{ $group: { _id: { $foo: 1 } } }], 168],
    [[{ $limit: 0 }], 15958],
    [[{ $sort: { a: 2 } }], 15975],
  ] as [Document[], number][])('%j is refused', async (pipeline, code) => {
    const error = await serverError(run([{ a: 1 }], pipeline));
    expect(error.code).toBe(code);
  });

  it('dividing by zero and by text fail', async () => {
    expect((await serverError(evaluate({ n: 1 }, { $divide: ['$n', 0] }))).code).toBe(2);
    expect(await serverError(evaluate({ n: 'x' }, { $divide: ['$n', 2] }))).toBeDefined();
    expect(await serverError(evaluate({ n: 'x' }, { $subtract: ['$n', 2] }))).toBeDefined();
  });
});
