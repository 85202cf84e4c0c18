import { z } from 'zod';
import { categories } from '../catalogue/cards.ts';
import { metal, sessionId } from '../endpoints/fields.ts';
import { products } from '../endpoints/products.ts';
import { supportProxy } from './proxy.ts';

const amount = z.string().regex(/^\d{1,9}(\.\d{1,2})?$/, 'an amount');

/** A query as it is written: everything is text. For the description. */
const schema = z.object({
  sessionId: sessionId.optional(),
  category: z.enum(categories).optional(),
  priceMin: amount.optional(),
  priceMax: amount.optional(),
  readyToShip: z.enum(['true', 'false']).optional(),
  metal: metal.optional(),
  tags: z.string().max(200).optional().describe('commas between'),
  limit: z
    .string()
    .regex(/^\d{1,2}$/)
    .optional(),
  cursor: z.string().max(256).optional(),
});

const numbers: readonly string[] = ['priceMin', 'priceMax', 'limit'];

/** What a parameter says; what cannot be read stays as it is, and is refused with the rest. */
function parameter(name: string, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  if (numbers.includes(name) && /^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (name === 'readyToShip' && /^(true|false)$/.test(text)) return text === 'true';
  if (name === 'tags') return text.split(',');
  return text;
}

/** Pieces, in the API's words only; a page may also ask with GET. */
export const supportProducts = supportProxy({
  path: '/api/support/products',
  endpoint: products,
  failsAs: 'PRODUCTS_FAILED',
  query: {
    schema,
    read: (query: unknown) =>
      Object.fromEntries(
        Object.entries(Object(query)).map(([name, text]) => [name, parameter(name, text)]),
      ),
  },
});
