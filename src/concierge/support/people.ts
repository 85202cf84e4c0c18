import { z } from 'zod';
import { csat } from '../endpoints/csat.ts';
import { email, intent, orderNumber, phone, sessionId } from '../endpoints/fields.ts';
import { shortlist } from '../endpoints/shortlist.ts';
import { stylist } from '../endpoints/stylist.ts';
import { supportProxy } from './proxy.ts';

const stylistQuestion = z.object({
  sessionId,
  email,
  name: z.string().max(120).optional(),
  phone: phone.optional(),
  notes: z.string().max(1_800).optional(),
  timePreference: z.string().max(64).optional(),
});

/** A request for a person with its fields side by side, or in the API's words. */
export const supportStylist = supportProxy({
  path: '/api/support/stylist',
  endpoint: stylist,
  failsAs: 'STYLIST_FAILED',
  dialect: {
    schema: stylistQuestion,
    speaks: (body) => !('contact' in body),
    translate: (asked: z.infer<typeof stylistQuestion>) => {
      const { sessionId, email, name, phone, notes, timePreference } = asked;
      return {
        sessionId,
        contact: { email, name, phone },
        summary: `Asks for a stylist. ${notes ?? ''}`.trim(),
        metadata: timePreference === undefined ? {} : { timePreference },
      };
    },
  },
});

/** From this rating on a customer counts as happy. */
const happyFrom = 4;

const csatQuestion = z.object({
  sessionId,
  rating: z.int().min(1).max(5),
  intent: intent.optional(),
  comment: z.string().max(2_000).optional(),
  orderId: orderNumber.optional(),
});

/** A rating from 1 to 5, or in the API's words. */
export const supportCsat = supportProxy({
  path: '/api/support/csat',
  endpoint: csat,
  failsAs: 'CSAT_FAILED',
  dialect: {
    schema: csatQuestion,
    speaks: (body) => typeof body.rating === 'number' || 'orderId' in body,
    translate: ({ rating, orderId, ...rest }: z.infer<typeof csatQuestion>) => ({
      ...rest,
      rating: rating >= happyFrom ? 'great' : 'needs_follow_up',
      orderNumber: orderId,
    }),
  },
});

/** A shortlist; the runbook has no words of its own for it. */
export const supportShortlist = supportProxy({
  path: '/api/support/shortlist',
  endpoint: shortlist,
  failsAs: 'SHORTLIST_FAILED',
});
