import { z } from 'zod';
import { metals } from '../catalogue/cards.ts';

/** Fields that several endpoints share. */
export const sessionId = z
  .string()
  .regex(/^[\w.:-]{6,128}$/, '6 to 128 letters, digits or _ . : -');
export const orderNumber = z.string().regex(/^[\w-]{4,40}$/, 'an order number such as GG-12001');
export const email = z.email().max(254);
export const phone = z.string().min(7).max(32);
export const metal = z.enum(metals);

/** A piece that a customer picked. What else the card holds is kept as it came. */
export const pickedProduct = z.looseObject({
  productId: z.string().min(1).max(80),
  name: z.string().min(1).max(200),
  price: z.number().min(0),
  currency: z.string().length(3),
});
