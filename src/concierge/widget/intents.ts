/** What a customer may want: one intent for each of the API's nine doors. */
export const intents = [
  'find_product',
  'track_order',
  'return_exchange',
  'shortlist_save',
  'capsule_reserve',
  'stylist_contact',
  'inspiration_upload',
  'order_updates_subscribe',
  'csat',
] as const;

export type Intent = (typeof intents)[number];

/** Whether this is an intent that the widget can begin. */
export function isIntent(value: unknown): value is Intent {
  return intents.some((intent) => intent === value);
}

/** What the menu offers, in its order. A shortlist leads on to its capsule. */
export const menu: readonly (readonly [Intent, string])[] = [
  ['find_product', 'Find a piece'],
  ['track_order', 'Track an order'],
  ['return_exchange', 'Return, resize or repair'],
  ['shortlist_save', 'My shortlist'],
  ['stylist_contact', 'Talk to a stylist'],
  ['inspiration_upload', 'Share an inspiration'],
  ['order_updates_subscribe', 'Get news of an order'],
  ['csat', 'Rate this conversation'],
];

/** The menu while returns are off: a person in place of the form. */
export const returnsAway = 'Ask about a return';
