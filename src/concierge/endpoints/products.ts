import { z } from 'zod';
import { categories } from '../catalogue/cards.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { type Draft, text } from '../messages.ts';
import { card, metal, sessionId } from './fields.ts';

const schema = z
  .object({
    sessionId,
    category: z.enum(categories).optional(),
    priceMin: z.number().min(0).optional(),
    priceMax: z.number().min(0).optional(),
    readyToShip: z.boolean().optional(),
    metal: metal.optional(),
    tags: z.array(z.string().min(1).max(20)).max(10).optional(),
    limit: z.int().min(1).max(25).default(6),
    cursor: z
      .string()
      .regex(/^[A-Za-z0-9+/=_-]{10,256}$/, 'the nextCursor of an earlier answer')
      .optional(),
  })
  .refine((asked) => (asked.priceMin ?? 0) <= (asked.priceMax ?? Number.POSITIVE_INFINITY), {
    message: 'must not be above priceMax',
    path: ['priceMin'],
  });

const response = z.object({ data: z.array(card), nextCursor: z.string().nullable() });

/** Finds products. */
export const products: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/products',
  summary: 'Find pieces',
  scope: 'products:read',
  intent: 'find_product',
  schema,
  response,
  codes: { '*': 'validation.range' },
  failure: {
    status: 503,
    code: 'CATALOG_UNAVAILABLE',
    message: 'The catalogue does not answer. Try again in a moment.',
  },
  async handle(input, _customer, { catalogue, copy }) {
    const { sessionId: _session, limit, cursor, ...filters } = input;
    const { cards, nextCursor } = await catalogue.search(filters, limit, cursor);
    const body = { data: cards, nextCursor };
    if (cards.length === 0) return { body, messages: [text(copy.productsNone)] };
    const productIds = cards.map((card) => card.productId);
    const offer: Draft = {
      type: 'offer_card',
      payload: {
        headline: copy.offerHeadline,
        description: copy.offerDescription,
        cta: { label: copy.offerLabel, intent: 'capsule_reserve', payload: { productIds } },
      },
    };
    const shown = {
      intent: 'find_product',
      productIds,
      count: cards.length,
      filters,
      readyToShipCount: cards.filter((card) => card.readyToShip === true).length,
    };
    return {
      body,
      cards,
      messages: [text(copy.productsIntro), { type: 'product_card', payload: { cards } }, offer],
      events: [{ event: 'aurora_products_shown', fields: shown }],
    };
  },
};
