import { z } from 'zod';
import { categories, metals } from '../catalogue/cards.ts';

/**
 * What fields of events may hold: numbers, words of a list, ids and hashes. There is no kind for a
 * sentence, so nothing that a customer wrote finds a place in an event.
 */

/** Everything that a customer may want, also what only people can answer. */
export const eventIntents = [
  'find_product',
  'track_order',
  'return_exchange',
  'stylist_contact',
  'csat',
  'sizing_repairs',
  'care_warranty',
  'financing',
  'capsule_reserve',
  'order_updates_subscribe',
  'shortlist_save',
  'inspiration_upload',
] as const;

/** Where in the widget, or in a page, something began. */
const sources = [
  'launcher',
  'dialog',
  'page',
  'menu',
  'header',
  'text',
  'offer_card',
  'product_card',
  'order_status',
  'shortlist',
  'widget',
] as const;

/** The kinds of pictures that are told apart; all others are `image/other`. */
const pictureKinds = ['jpeg', 'png', 'webp', 'gif', 'avif', 'heic', 'heif', 'other'] as const;
const pictureTypes = pictureKinds.map((kind) => `image/${kind}` as const);

/** An id of ours: a prefix, and what makes it one of a kind. */
const idOf = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[\\w-]{1,72}$`));
const count = z.int().min(0).max(1_000_000_000);
/** A word of the shop's, such as a tag of a piece. */
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/);

const amount = z.number().min(0);

export const fields = {
  intent: z.enum(eventIntents),
  source: z.enum(sources),
  userRole: z.enum(['guest', 'customer', 'staff']),
  productId: idOf('prod_'),
  offerId: idOf('offer_'),
  capsuleId: idOf('cap_'),
  ticketId: idOf('sty_'),
  inspirationId: idOf('ins_'),
  subscriptionId: idOf('sub_'),
  rmaId: z.string().regex(/^RMA-[0-9A-Z]{4,24}$/),
  /** Salted SHA-256 of an order number. */
  orderNumberHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** As masks.ts makes it: nothing of the name, and the last digits at most. */
  maskedDestination: z
    .string()
    .regex(/^(\*\*\*|\+1 \(\*{3}\) \*{3}-\d{4}|[^\s@]\*{3}@[A-Za-z0-9.-]{1,180})$/),
  moment: z.iso.datetime(),
  rating: z.enum(['great', 'needs_follow_up']),
  channel: z.enum(['sms', 'email']),
  option: z.enum(['resize', 'return', 'care']),
  reasonCode: z.enum(['size', 'quality', 'damaged', 'changed_mind', 'other']),
  orderStatus: z.enum([
    'created',
    'payment_captured',
    'processing',
    'shipped',
    'out_for_delivery',
    'delivered',
    'exception',
    'cancelled',
  ]),
  eligibility: z.enum(['eligible', 'active', 'not-delivered', 'made-for-you', 'late']),
  priority: z.enum(['normal', 'high']),
  queue: z.enum(['stylist', 'returns', 'orders']),
  outcome: z.enum(['completed', 'abandoned', 'failed']),
  feature: z.enum(['timeline', 'returns']),
  via: z.enum(['model', 'rules']),
  cta: z.enum(['shortlist', 'view_details', 'capsule_reserve']),
  contentType: z.enum(pictureTypes),
  tags: z.array(slug).max(10),
  filters: z.strictObject({
    category: z.enum(categories).optional(),
    metal: z.enum(metals).optional(),
    priceMin: amount.optional(),
    priceMax: amount.optional(),
    readyToShip: z.boolean().optional(),
    tags: z.array(slug).max(10).optional(),
  }),
  share: z.number().min(0).max(1),
  flag: z.boolean(),
  count,
} as const;

/** The kind of a picture as events name it. */
export function pictureTypeOf(contentType: string): (typeof pictureTypes)[number] {
  return pictureTypes.find((known) => known === contentType) ?? 'image/other';
}

/** The intent as events name it; undefined for a word that is none of ours. */
export function intentNamed(word: string | null | undefined): EventIntent | undefined {
  return eventIntents.find((known) => known === word);
}

export type EventIntent = (typeof eventIntents)[number];
