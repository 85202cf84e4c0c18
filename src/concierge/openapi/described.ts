import { z } from 'zod';
import type { Operation } from '../http/operation.ts';

const anything = z.looseObject({});
const named = { requestId: z.string() };

/** What is said of routes that say nothing of themselves. */
export const described: Readonly<Record<string, Operation>> = {
  'GET /api/health': {
    summary: 'Whether it works, and what of it',
    tag: 'operations',
    request: z.object({
      check: z.enum(['db', 'widget', 'ai']).optional(),
      sessionId: z.string().optional(),
      user: z.string().optional(),
    }),
    response: z.looseObject({
      status: z.enum(['ok', 'error']),
      timestamp: z.iso.datetime(),
      build: z.string(),
    }),
    errors: { 400: ['validation.query'] },
  },
  'GET /api/metrics': {
    summary: 'How it does: points, summary, or for Prometheus',
    tag: 'operations',
    request: z.object({ format: z.enum(['summary', 'prometheus']).optional() }),
    response: anything,
    errors: { 400: ['validation.query'] },
  },
  'GET /api/dashboard/support/tickets': {
    summary: 'Open tickets, newest first',
    tag: 'dashboard',
    response: z.looseObject({ tickets: z.array(anything).max(50), ...named }),
    errors: {},
  },
  'GET /api/dashboard/support/csat': {
    summary: 'Unhappy ratings, newest first',
    tag: 'dashboard',
    response: z.looseObject({ feedback: z.array(anything).max(50), ...named }),
    errors: {},
  },
  'GET /api/dashboard/analytics/concierge': {
    summary: 'Totals, intents, ratings, funnel and days of a range',
    tag: 'dashboard',
    request: z.object({ range: z.enum(['7d', '30d', '90d']).optional() }),
    response: z.looseObject(named),
    errors: { 400: ['validation.range'] },
  },
};
