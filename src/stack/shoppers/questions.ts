import type { Random } from './random.ts';

/** The nine endpoints, and the one for customers' own words. */
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
  messages: '/api/concierge/messages',
} as const;

/** How many orders were generated for shoppers: GG-20000 and up. */
const generatedOrders = 500;

/** What a shopper looks for. */
export interface ProductQuestion {
  readonly category: 'ring' | 'earrings' | 'necklace' | 'bracelet';
  readonly readyToShip?: true;
  readonly limit: number;
}

/** Rings sell best; a third of the shoppers want something that can be sent at once. */
export function productQuestion(random: Random): ProductQuestion {
  const category = random.pick<ProductQuestion['category']>([
    'ring',
    'ring',
    'earrings',
    'necklace',
    'bracelet',
  ]);
  const ready = random.chance(1 / 3);
  return { category, ...(ready ? { readyToShip: true as const } : {}), limit: 4 };
}

/** The number of a seeded order. */
export function orderNumber(random: Random): string {
  if (random.chance(0.04)) return random.pick(['GG-12001', 'GG-12002']);
  return `GG-${20_000 + random.below(generatedOrders)}`;
}

/** A seeded order, by its number, or by who ordered it and where to. */
export function orderLookup(random: Random): object {
  if (random.chance(0.7)) return { orderNumber: orderNumber(random) };
  return { email: `shopper${random.below(generatedOrders)}@example.com`, postalCode: '90001' };
}

/** A return, a resize or a repair of a generated order. */
export function returnRequest(random: Random): object {
  const order = random.below(generatedOrders);
  return {
    orderNumber: `GG-${20_000 + order}`,
    option: random.pick(['return', 'resize', 'care']),
    reason: 'Does not fit',
    contact: { email: `shopper${order}@example.com` },
  };
}

/** A question for a person. */
export function stylistRequest(random: Random): object {
  return {
    contact: { email: `guest${random.below(10_000)}@example.com`, name: 'Guest' },
    summary: 'Which metal goes with an heirloom of rose gold?',
  };
}

/** A picture to be inspired by. */
export function inspirationUpload(random: Random): object {
  const uploadId = `upload-${random.below(1_000_000)}`;
  return { uploadId, metadata: { type: 'image/jpeg', caption: 'Like this', source: 'camera' } };
}

/** News of an order, by mail or message. */
export function orderUpdates(random: Random): object {
  const contact = random.chance(0.5)
    ? { channel: 'email', value: `guest${random.below(10_000)}@example.com` }
    : { channel: 'sms', value: `+1555${String(1_000_000 + random.below(8_999_999))}` };
  return { contact, consent: true, orderNumber: orderNumber(random) };
}

/**
 * A customer's own words. None of them is a search that is answered with pieces: it would count as pieces
 * shown, and the share of capsules is what a canary is judged by.
 */
export function ownWords(random: Random): object {
  const text = random.pick([
    `Where is my order ${orderNumber(random)}?`,
    'I want to send my ring back',
    'the courier rang while nobody was home',
    'a surprise for my mother, I need ideas',
    'is anybody there',
  ]);
  return { text };
}

/** Two well-known pieces, for those who come back to keep what they saw before. */
export const rememberedPieces = [
  { productId: 'prod_aurora_ring', name: 'Solaris Aura Ring', price: 3850, currency: 'USD' },
  { productId: 'prod_constellation', name: 'Constellation', price: 1480, currency: 'USD' },
] as const;
