import { randomBytes } from 'node:crypto';
import type { Interaction } from './list.ts';
import { placeholdersIn } from './template.ts';

const day = 86_400_000;
const postalCode = '90001';

/** Who an interaction pretends to be; nobody else has these names, so runs may stand side by side. */
export interface Shopper {
  readonly sessionId: string;
  /** Null when the interaction needs no order. */
  readonly orderNumber: string | null;
  readonly email: string;
  readonly postalCode: string;
}

/** A fresh shopper for one interaction. */
export function newShopper({ requests }: Interaction): Shopper {
  return shopper(requests.some(({ body }) => placeholdersIn(body).has('orderNumber')));
}

/** A fresh shopper, with the number of an order or without. */
export function shopper(needsOrder: boolean): Shopper {
  const random = randomBytes(8).toString('hex');
  return {
    sessionId: `sess_smoke_${random}`,
    orderNumber: needsOrder ? `GG-SMOKE-${random.toUpperCase()}` : null,
    email: `smoke-${random}@example.com`,
    postalCode,
  };
}

/** The shopper's values for the placeholders of the checklist. */
export function valuesOf(shopper: Shopper): Readonly<Record<string, string>> {
  const { sessionId, orderNumber, email } = shopper;
  const values = { sessionId, email, postalCode: shopper.postalCode };
  return orderNumber === null ? values : { ...values, orderNumber };
}

/** An order delivered three days ago: it can be tracked and is still within its return window. */
export function smokeOrder(shopper: Shopper, now: number): Readonly<Record<string, unknown>> {
  const daysAgo = (days: number) => new Date(now - days * day);
  return {
    orderNumber: shopper.orderNumber,
    customerEmail: shopper.email,
    status: 'delivered',
    totals: { subtotal: 1480, shipping: 0, total: 1480, currency: 'USD' },
    items: [{ productId: 'prod_constellation', name: 'Constellation', quantity: 1, price: 1480 }],
    payment: { status: 'captured', method: 'card' },
    shipping: {
      carrier: 'UPS',
      service: 'Ground',
      trackingNumber: '1Z999AA10123455678',
      postalCode: shopper.postalCode,
      deliveredAt: daysAgo(3),
    },
    statusHistory: [
      { status: 'created', timestamp: daysAgo(9) },
      { status: 'payment_captured', timestamp: daysAgo(9) },
      { status: 'processing', timestamp: daysAgo(8) },
      { status: 'shipped', timestamp: daysAgo(6) },
      { status: 'delivered', timestamp: daysAgo(3) },
    ],
    createdAt: daysAgo(9),
  };
}
