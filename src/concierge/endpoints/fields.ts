import { z } from 'zod';
import { eventIntents } from '../analytics/fields.ts';
import { metals } from '../catalogue/cards.ts';

/** Fields that several endpoints share. */
export const sessionId = z
  .string()
  .regex(/^[\w.:-]{6,128}$/, '6 to 128 letters, digits or _ . : -');
export const orderNumber = z.string().regex(/^[\w-]{4,40}$/, 'an order number such as GG-12001');
export const email = z.email().max(254);
export const phone = z
  .string()
  .min(7)
  .max(32)
  .regex(/^[+(\d][\d\s()./-]*$/, 'a phone number such as +1 555 123 7890');
export const metal = z.enum(metals);

/** What a customer may want, as a client names it. */
export const intent = z.enum(eventIntents);

/** Small facts that a client adds. Flat and bounded: nothing here can be a document of its own. */
export const metadata = z
  .record(
    z.string().regex(/^[A-Za-z]\w{0,63}$/, 'a name'),
    z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  )
  .refine((facts) => Object.keys(facts).length <= 20, 'at most 20 facts');

const short = z.string().max(200);

/** A product as the widget shows it. What it does not name is left out of what is kept. */
export const card = z.object({
  productId: z.string().min(1).max(80),
  name: z.string().min(1).max(200),
  price: z.number().min(0),
  currency: z.string().length(3),
  slug: short.optional(),
  category: short.optional(),
  specLine: z.string().max(500).optional(),
  heroImage: z.string().max(2_000).optional(),
  tags: z.array(z.string().max(20)).max(10).optional(),
  readyToShip: z.boolean().optional(),
  metal: short.optional(),
  shippingPromise: short.optional(),
  badges: z.array(z.string().max(40)).max(10).optional(),
  ctas: z
    .array(z.object({ id: z.enum(['shortlist', 'view_details']), label: short }))
    .max(5)
    .optional(),
});

/** Where a parcel comes from or goes to. */
export const address = z.object({
  name: short.optional(),
  line1: short.optional(),
  line2: short.optional(),
  city: short.optional(),
  region: short.optional(),
  postalCode: z.string().max(16).optional(),
  country: z.string().max(64).optional(),
});
