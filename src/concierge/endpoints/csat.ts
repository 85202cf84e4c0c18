import { z } from 'zod';
import { intentNamed } from '../analytics/fields.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { csatBar, escalation, text } from '../messages.ts';
import type { FeedbackDocument } from '../storage/documents.ts';
import { intent, metadata, orderNumber, sessionId } from './fields.ts';

const scores = { great: 5, needs_follow_up: 2 } as const;

const schema = z.object({
  sessionId,
  rating: z.enum(['great', 'needs_follow_up']),
  intent: intent.optional(),
  comment: z.string().max(2_000).optional(),
  orderNumber: orderNumber.optional(),
  metadata: metadata.optional(),
});

const response = z.object({
  ok: z.literal(true),
  rating: z.enum(['great', 'needs_follow_up']),
  intent: intent.nullable(),
  storedAt: z.iso.datetime(),
  agentNotified: z.boolean(),
});

type Input = z.infer<typeof schema>;

/** Takes a session's rating; only its first one counts. */
export const csat: Endpoint<Input> = {
  path: '/api/analytics/csat',
  summary: 'Rate a conversation; the first rating of a session counts',
  scope: 'csat:write',
  intent: 'csat',
  schema,
  response,
  codes: { rating: 'validation.rating' },
  failure: {
    status: 500,
    code: 'CSAT_STORE_ERROR',
    message: 'Your rating could not be saved. Try again in a moment.',
  },
  async handle(input, { now }, { store, copy }) {
    const counts = await store.addFeedback(feedbackOf(input, now));
    const { rating, intent = null } = input;
    const unhappy = rating === 'needs_follow_up';
    const known = intentNamed(intent);
    const fields = {
      rating,
      ...(known === undefined ? {} : { intent: known }),
      commentLength: input.comment?.length ?? 0,
    };
    return {
      body: {
        ok: true,
        rating,
        intent,
        storedAt: new Date(now).toISOString(),
        agentNotified: unhappy && counts,
      },
      messages: [
        csatBar(copy.csatQuestion),
        text(unhappy ? copy.csatSorry : copy.csatThanks),
        ...(unhappy ? [escalation(copy.stylistHeading, copy.csatSorry)] : []),
      ],
      ...(counts ? { rating, events: [{ event: 'aurora_csat_submitted' as const, fields }] } : {}),
    };
  },
};

function feedbackOf(input: Input, now: number): FeedbackDocument {
  const { sessionId, rating, comment, intent, orderNumber } = input;
  return {
    sessionId,
    rating,
    score: scores[rating],
    ...(comment === undefined ? {} : { comment }),
    ...(intent === undefined ? {} : { intent }),
    ...(orderNumber === undefined ? {} : { orderNumber }),
    timestamp: new Date(now),
  };
}
