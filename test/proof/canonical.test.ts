import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { canonicalJson } from '../../src/proof/canonical.ts';
import { digestJson, sha256, shortDigest } from '../../src/proof/digest.ts';

/** The same value with the keys of every object in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, shuffled(member)] as const);
  return Object.fromEntries(members.reverse());
}

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe('canonical JSON', () => {
  it('sorts keys at every depth and writes no spaces', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: 'x y' })).toBe(
      '{"a":"x y","b":[{"a":null,"z":1}]}',
    );
  });

  it('leaves out members without a value, and has null for one in a list', () => {
    const value = { a: undefined, b: [undefined, 1] } as unknown as Json;
    expect(canonicalJson(value)).toBe('{"b":[null,1]}');
  });

  it('gives equal bytes for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
        expect(digestJson(shuffled(value))).toBe(digestJson(value));
      }),
    );
  });

  it('reads back as the value it was made of', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it('gives different digests for different values', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(canonicalJson(a) !== canonicalJson(b));
        expect(digestJson(a)).not.toBe(digestJson(b));
      }),
    );
  });
});

describe('a digest', () => {
  it('is SHA-256 in lower-case hexadecimal, of text as of its bytes', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(sha256('')).toBe(empty);
    expect(sha256('für')).toBe(sha256(Buffer.from('für', 'utf8')));
  });

  it('is shown by its first twelve digits', () => {
    expect(shortDigest(sha256(''))).toBe('e3b0c44298fc');
  });
});
