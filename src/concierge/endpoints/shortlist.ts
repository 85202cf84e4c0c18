import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { idOfSession } from '../ids.ts';
import { text } from '../messages.ts';
import { card, sessionId } from './fields.ts';

const schema = z.object({ sessionId, items: z.array(card).min(1).max(50) });
const response = z.object({
  shortlistId: z.string(),
  totalItems: z.int(),
  updatedAt: z.iso.datetime(),
});

/** Keeps the pieces that a session picked; each time as a whole. */
export const shortlist: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/shortlist',
  summary: 'Keep the pieces that a session picked',
  scope: 'shortlist:write',
  intent: 'shortlist_save',
  schema,
  response,
  codes: { items: 'validation.items' },
  failure: {
    status: 500,
    code: 'SHORTLIST_SAVE_FAILED',
    message: 'Your shortlist could not be saved. Try again in a moment.',
  },
  async handle({ sessionId, items }, { now }, { store, copy }) {
    const shortlistId = idOfSession('sl_', sessionId);
    await store.saveShortlist(sessionId, shortlistId, items);
    const newest = items.at(-1);
    return {
      body: { shortlistId, totalItems: items.length, updatedAt: new Date(now).toISOString() },
      messages: [text(copy.shortlistSaved)],
      events: [
        {
          event: 'aurora_product_shortlisted',
          fields: { productId: newest?.productId, position: items.length },
        },
      ],
    };
  },
};
