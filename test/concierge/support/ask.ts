import { randomBytes } from 'node:crypto';
import { apiKey } from './world.ts';

/** What tests look at of the bodies of all nine endpoints. */
export interface Body {
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
  readonly data?: readonly Card[];
  readonly messages?: readonly Shown[];
  readonly nextCursor?: string | null;
  readonly [field: string]: unknown;
}

export interface Card {
  readonly productId: string;
  readonly category: string;
  readonly price: number;
  readonly metal: string;
  readonly readyToShip: boolean;
  readonly badges: readonly string[];
}

export interface Shown {
  readonly id: string;
  readonly role: string;
  readonly type: string;
  readonly timestamp: string;
  readonly intent: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An answer of the API, parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** Types of the widget's messages, in order. */
  readonly types: readonly string[];
}

export function freshSession(): string {
  return `sess_${randomBytes(8).toString('hex')}`;
}

/** Posts to an endpoint with the key and the body's session in the header. */
export async function ask(
  url: string,
  path: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      // A customer of its own each time: the limits are another test's business.
      'x-forwarded-for': `10.${randomBytes(3).join('.')}`,
      ...(typeof body.sessionId === 'string' ? { 'x-session-id': body.sessionId } : {}),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const parsed = (await response.json()) as Body;
  const messages = parsed.messages ?? [];
  return {
    status: response.status,
    headers: response.headers,
    body: parsed,
    types: messages.map(({ type }) => type),
  };
}

export const paths = {
  products: '/api/concierge/products',
  orderStatus: '/api/concierge/orders/status',
  returns: '/api/concierge/orders/returns',
  capsule: '/api/concierge/capsule',
  stylist: '/api/concierge/stylist',
  csat: '/api/analytics/csat',
  shortlist: '/api/concierge/shortlist',
  inspiration: '/api/concierge/inspiration',
  orderUpdates: '/api/concierge/order-updates',
} as const;

export const twoPieces = [
  { productId: 'prod_aurora_ring', name: 'Solaris Aura Ring', price: 3850, currency: 'USD' },
  { productId: 'prod_constellation', name: 'Constellation Necklace', price: 1480, currency: 'USD' },
];
