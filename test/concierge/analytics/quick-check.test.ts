import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fields } from '../../../src/concierge/analytics/fields.ts';
import { quickCheck } from '../../../src/concierge/analytics/quick-check.ts';

/** Values that are just inside or just outside of what fields may hold, and anything at all. */
const values = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      'find_product',
      'launcher',
      'prod_1',
      'prod_',
      'cap_x',
      'RMA-12AB',
      'RMA-1',
      'great',
      'sms',
    ],
    ...['a'.repeat(64), '***', 'a***@example.com', '+1 (***) ***-1234', 'halo', 'Halo', '', 'ring'],
    ...['1970-01-01T00:00:00.000Z', '1970-01-01', 'platinum', 'prod', 'prod_1\n', 'toString'],
    ...[0, -0, 1, -1, 0.5, 1.5, 1e9, 1e9 + 1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY],
    ...[true, false, null, undefined, new Date(0), new Date(Number.NaN), 1n, Symbol.iterator],
  ),
  fc.anything({ withDate: true, withMap: true, withNullPrototype: true }),
);
const lists = fc.array(values, { maxLength: 12 });
const objects = fc.dictionary(
  fc.constantFrom('category', 'metal', 'priceMin', 'priceMax', 'readyToShip', 'tags', 'other'),
  fc.oneof(values, lists),
);
const anything = fc.oneof(values, lists, objects);

const others = {
  when: z.date(),
  nested: z.strictObject({ category: fields.source, tags: fields.tags.optional() }),
  ids: z.array(fields.productId).min(1).max(3),
  loose: z.object({ category: fields.source.optional() }),
  short: z.string().max(3),
  above: z.number().gt(0),
  whole: z.int32(),
  either: z.union([z.string(), z.null()]),
  refined: z.number().refine((value) => value > 0.5),
  trimmed: z.array(z.string().trim().min(1)),
  sticky: z.string().regex(/a/g),
  word: z.literal('great'),
};

describe('a quick check', () => {
  it.each(
    Object.entries<z.ZodType>({ ...fields, ...others }),
  )('of %s comes to what zod comes to', (_name, schema) => {
    const fits = quickCheck(schema);
    fc.assert(
      fc.property(anything, (value) => {
        expect(fits(value)).toBe(schema.safeParse(value).success);
      }),
      { numRuns: 400 },
    );
  });
});
