/** What the stand-in says about a text: enough to show what a real model is there for. */
export interface ModelOpinion {
  readonly intent: string | null;
  readonly confidence: number;
  readonly [detail: string]: unknown;
}

/**
 * Words that hint at an intent without naming it. Those that name it are understood without any model, so
 * this list is what is left: it knows nothing of the concierge's own rules.
 */
const hints: readonly (readonly [RegExp, ModelOpinion])[] = [
  [
    /courier|mailman|postman|doorstep|tuesday|estimated|gone missing|paid .* ago|paket/i,
    { intent: 'track_order', confidence: 0.86 },
  ],
  [
    /bigger|knuckle|loose|slips off|wrong one|regret|unhappy with|pinch/i,
    { intent: 'return_exchange', confidence: 0.82, option: 'resize' },
  ],
  [
    /mother|mum|girlfriend|boyfriend|fianc|sparkl|surprise|wedding|shiny|for her|for him/i,
    { intent: 'find_product', confidence: 0.8 },
  ],
  [/confus|not sure|opinion|second pair of eyes/i, { intent: 'stylist_contact', confidence: 0.78 }],
  [/come back (to|for) (it|them|these)|remember/i, { intent: 'shortlist_save', confidence: 0.7 }],
];

/** An opinion on a customer's words. */
export function opinionOn(text: string): ModelOpinion {
  const found = hints.find(([pattern]) => pattern.test(text))?.[1];
  return found ?? { intent: null, confidence: 0.2 };
}
