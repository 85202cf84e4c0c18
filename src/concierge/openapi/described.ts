import { z } from 'zod';
import type { Operation } from '../http/operation.ts';

const anything = z.looseObject({});

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
};
