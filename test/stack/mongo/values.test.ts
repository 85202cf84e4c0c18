import { Binary, Double, Long, ObjectId, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, identical } from '../../../src/stack/mongo/values/compare.ts';
import { decode } from '../../../src/stack/mongo/values/decode.ts';
import { keyOf, keyText } from '../../../src/stack/mongo/values/key.ts';
import { asDouble, Sum } from '../../../src/stack/mongo/values/numbers.ts';
import type { Doc, Value } from '../../../src/stack/mongo/values/value.ts';

const names = fc.constantFrom('a', 'b', 'c');
/** Few enough different values that equal ones of different types often meet. */
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom(null, true, false, '', 'a', 'B', 'é', '\u{1f48d}', '\uffee', '\u0000', '\u0000s'),
  fc.constantFrom(0, 1, -1, 1.5, 2 ** 53, -0, Number.NaN, Number.POSITIVE_INFINITY),
  fc.constantFrom(0, 1, 7).map((n) => new Double(n)),
  fc.constantFrom('0', '1', '9007199254740992', '9007199254740993').map((n) => Long.fromString(n)),
  fc.constantFrom(0, 1).map((n) => new Date(n)),
  fc.constantFrom('a', 'b').map((c) => ObjectId.createFromHexString(c.repeat(24))),
  fc.constantFrom('', 'a', 'b').map((text) => new Binary(Buffer.from(text))),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(names, tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
}));

describe('the order of values', () => {
  it('is one order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
        const sorted = [a, b, c].sort(compareValues);
        expect(compareValues(sorted[0], sorted[2])).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('calls two values equal exactly when their keys are', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const equal = compareValues(a, b) === 0;
        // A Map tells keys apart as an index does: 0 and -0 are one.
        expect(new Map([[keyOf(a), 1]]).has(keyOf(b))).toBe(equal);
        expect(keyText(a) === keyText(b)).toBe(equal);
        if (identical(a, b)) expect(equal).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('decoding', () => {
  it('loses nothing: the same bytes come out again', () => {
    fc.assert(
      fc.property(value, (a) => {
        const bytes = Buffer.from(serialize({ a } as Doc));
        expect(Buffer.from(serialize(decode(bytes))).equals(bytes)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('copies what it keeps out of the message', () => {
    const bytes = serialize({ id: new ObjectId(), data: new Binary(Buffer.from('payload')) });
    const doc = decode(bytes);
    const before = Buffer.from(serialize(doc));
    bytes.fill(0, 4);
    expect(Buffer.from(serialize(doc)).equals(before)).toBe(true);
  });

  it('refuses nesting that would exhaust the stack', () => {
    let nested: Value = 1;
    for (let i = 0; i < 200; i += 1) nested = [nested];
    expect(() => decode(serialize({ nested }))).toThrow(expect.objectContaining({ code: 15 }));
  });
});

describe('a sum', () => {
  it('of integers is exact, in any order and of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(2n ** 62n), 2n ** 62n), { maxLength: 2 }),
        fc.nat(50),
        (longs, n) => {
          const sum = new Sum();
          for (const long of longs) sum.add(Long.fromBigInt(long));
          for (let i = 0; i < n; i += 1) sum.add(2_147_483_647);
          const expected = longs.reduce((a, b) => a + b, 0n) + BigInt(n) * 2_147_483_647n;
          if (BigInt.asIntN(64, expected) === expected)
            expect(String(sum.result())).toBe(String(expected));
        },
      ),
    );
  });

  it('of doubles does not depend on small parts being swallowed', () => {
    const sum = new Sum();
    for (const part of [1e16, 1.5, -1e16]) sum.add(asDouble(part));
    expect(Number(sum.result())).toBe(1.5);
  });

  it('with an infinity is that infinity', () => {
    const sum = new Sum();
    for (const part of [1.5, Number.POSITIVE_INFINITY, 2.5]) sum.add(part);
    expect(sum.result()).toBe(Number.POSITIVE_INFINITY);
  });
});
