import { z } from 'zod';
import { categories } from '../catalogue/cards.ts';
import { email, metal, orderNumber } from '../endpoints/fields.ts';
import { returnOptions } from '../endpoints/return-rules.ts';
import type { Intent } from '../messages.ts';

/** Everything that free text can ask for. */
export const intents = [
  'find_product',
  'track_order',
  'return_exchange',
  'stylist_contact',
  'csat',
  'capsule_reserve',
  'order_updates_subscribe',
  'shortlist_save',
  'inspiration_upload',
] as const satisfies readonly Intent[];

/** Whether this is an intent of the concierge. */
export function isIntent(value: unknown): value is Intent {
  return intents.some((intent) => intent === value);
}

const price = z.number().min(0).max(1_000_000);

const schemas = {
  category: z.enum(categories),
  metal,
  priceMin: price,
  priceMax: price,
  readyToShip: z.literal(true),
  orderNumber,
  email,
  postalCode: z.string().min(3).max(16),
  option: z.enum(returnOptions),
  channel: z.enum(['email', 'sms']),
  rating: z.enum(['great', 'needs_follow_up']),
} as const;

/** The same, for the API's description. */
export const parametersShape = z.object(schemas).partial();

/** What a sentence can say besides its intent. Prices in whole dollars. */
export type Parameters = {
  readonly [Name in keyof typeof schemas]?: z.infer<(typeof schemas)[Name]>;
};

type ParameterName = keyof Parameters;

const wanted: Readonly<Record<Intent, readonly ParameterName[]>> = {
  find_product: ['category', 'metal', 'priceMin', 'priceMax', 'readyToShip'],
  track_order: ['orderNumber', 'email', 'postalCode'],
  return_exchange: ['orderNumber', 'option', 'email'],
  stylist_contact: ['email'],
  csat: ['rating'],
  capsule_reserve: ['email'],
  order_updates_subscribe: ['orderNumber', 'channel', 'email'],
  shortlist_save: [],
  inspiration_upload: [],
};

/** What of these fields belongs to the intent and is of its form; the rest is left out. */
export function parametersFor(
  intent: Intent,
  found: Readonly<Record<string, unknown>>,
): Parameters {
  const kept = wanted[intent].flatMap((name) => {
    const parsed = schemas[name].safeParse(found[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  const parameters: Parameters = Object.fromEntries(kept);
  const { priceMin = 0, priceMax = Number.POSITIVE_INFINITY, ...others } = parameters;
  return priceMin > priceMax ? others : parameters;
}
