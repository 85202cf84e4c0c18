import { z } from 'zod';
import { metadata } from '../endpoints/fields.ts';
import type { Operation } from '../http/operation.ts';
import { funnels } from './analytics/funnels.ts';
import type { Report, Totals } from './analytics/report.ts';

/** How many tickets or ratings an answer holds at most. */
export const rows = 50;

/** How far back; 400 for anything else. */
export const rangeQuery = z.object({ range: z.enum(['7d', '30d', '90d']).default('7d') });

const text = z.string();
const count = z.int().min(0);
const moment = z.iso.datetime();
const requestId = text;
const notForViewers = 'left out for a viewer';
const maskedForViewers = 'masked for a viewer';

/** A piece as the customer's browser sent it: a card, or its name alone. */
const piece = z.union([
  z.looseObject({ productId: text, name: text, price: z.number(), currency: text }),
  text,
]);
const turn = z.looseObject({ role: text, content: text, timestamp: text.optional() });

const ticket = z.object({
  ticketId: text,
  sessionId: text,
  customerName: text.optional().describe(maskedForViewers),
  customerEmail: text.describe(maskedForViewers),
  customerPhone: text.optional().describe(maskedForViewers),
  status: z.literal('open'),
  priority: z.enum(['normal', 'high']),
  assignedTo: text.nullable(),
  slaDeadline: moment,
  createdAt: moment,
  summary: text.optional().describe(notForViewers),
  transcript: z.array(turn).optional().describe(notForViewers),
  shortlist: z.array(piece).optional().describe(notForViewers),
  inspiration: z
    .array(z.object({ assetUrl: text, label: text.optional() }))
    .optional()
    .describe(notForViewers),
  timezone: text.optional().describe(notForViewers),
  metadata: metadata.optional().describe(notForViewers),
});

const feedback = z.object({
  sessionId: text,
  rating: z.literal('needs_follow_up'),
  score: z.int().min(1).max(2),
  comment: text.optional().describe(notForViewers),
  intent: text.optional(),
  orderNumber: text.optional(),
  timestamp: moment,
  anonymisedAt: moment.optional().describe('without comment and order from then on'),
});

const totals = z.object({
  sessions: count,
  widgetOpens: count,
  productsShown: count,
  shortlisted: count,
  capsulesReserved: count,
  ordersTracked: count,
  returnsInitiated: count,
  ticketsCreated: count,
  ratings: count,
  meanScore: z.number().min(1).max(5).nullable().describe('null without ratings'),
}) satisfies z.ZodType<Totals>;

const report = z.object({
  range: z.enum(['7d', '30d', '90d']),
  totals: totals.nullable().describe('null for a concierge_agent'),
  intents: z.array(z.object({ intent: text, sessions: count })).describe('the most frequent first'),
  csat: z.array(z.object({ score: z.int().min(1).max(5), ratings: count })).length(5),
  topShortlisted: z.array(z.object({ productId: text, name: text, times: count })).max(10),
  funnel: z
    .array(
      z.object({
        name: z.enum(funnels.map(({ name }) => name)),
        title: text,
        steps: z
          .array(z.object({ title: text, sessions: count }))
          .describe('sessions that got to this step, or further'),
      }),
    )
    .length(funnels.length),
  series: z
    .array(
      z.object({
        day: z.iso.date(),
        sessions: count,
        productsShown: count,
        capsulesReserved: count,
        ratings: count,
      }),
    )
    .min(7)
    .max(90)
    .describe('one for each day in UTC, the oldest first'),
}) satisfies z.ZodType<Omit<Report, 'totals'> & { readonly totals: Totals | null }>;

/** Whoever guesses tokens is slowed down. */
const guesses = { 429: ['rate.limit'] };

/** What the API's description says of the dashboards' routes. */
export const operations = {
  tickets: {
    summary: 'Open tickets, newest first',
    tag: 'dashboard',
    response: z.object({ tickets: z.array(ticket).max(rows), requestId }),
    errors: guesses,
  },
  csat: {
    summary: 'Unhappy ratings, newest first',
    tag: 'dashboard',
    response: z.object({ feedback: z.array(feedback).max(rows), requestId }),
    errors: guesses,
  },
  analytics: {
    summary: 'Totals, intents, ratings, funnels and days of a range',
    tag: 'dashboard',
    request: rangeQuery,
    response: report.extend({ requestId }),
    errors: { 400: ['validation.range'], ...guesses },
  },
} as const satisfies Readonly<Record<string, Operation>>;
