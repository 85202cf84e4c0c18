import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { refuseBeyond } from '../http/rate-limit.ts';
import { requireRole } from '../http/roles.ts';
import type { Services } from '../services.ts';
import type { FeedbackDocument, TicketDocument } from '../storage/documents.ts';
import type { ReadReport } from './analytics/read-report.ts';
import { type Rights, rightsOf } from './role.ts';
import { emailFor, nameFor, phoneFor } from './viewer.ts';

const rows = 50;

/** How far back; 400 for anything else. */
export const rangeQuery = z.object({ range: z.enum(['7d', '30d', '90d']).default('7d') });

/** `/api/dashboard/*`: JSON for whoever brings a bearer token of the dashboards. */
export function addDashboardApi(
  app: FastifyInstance,
  services: Services,
  readReport: ReadReport,
): void {
  const { dashboard, settings, limits } = services;
  const rightsFor = (request: FastifyRequest, reply: FastifyReply): Rights => {
    reply.header('cache-control', 'no-store');
    try {
      return rightsOf[requireRole(request, settings.dashboard.tokens)];
    } catch (error) {
      // Whoever guesses tokens is slowed down like anybody who asks too much.
      refuseBeyond(limits.countAddress(request.ip), 'address', reply);
      throw error;
    }
  };
  app.get('/api/dashboard/support/tickets', async (request, reply) => {
    const rights = rightsFor(request, reply);
    const tickets = await dashboard.newestTickets(rows);
    return { tickets: tickets.map((ticket) => ticketFor(rights, ticket)), requestId: request.id };
  });
  app.get('/api/dashboard/support/csat', async (request, reply) => {
    const rights = rightsFor(request, reply);
    const { items } = await dashboard.unhappy({ limit: rows });
    return { feedback: items.map((one) => feedbackFor(rights, one)), requestId: request.id };
  });
  app.get('/api/dashboard/analytics/concierge', async (request, reply) => {
    const rights = rightsFor(request, reply);
    const query = rangeQuery.safeParse(request.query);
    if (!query.success) {
      throw new ApiError(400, 'validation.range', 'The range is 7d, 30d or 90d.');
    }
    const report = await readReport(query.data.range, Date.now());
    const totals = rights.totals ? report.totals : null;
    return { ...report, totals, requestId: request.id };
  });
}

function ticketFor(rights: Rights, ticket: TicketDocument): Record<string, unknown> {
  const { customerName, customerEmail, customerPhone, summary, transcript, ...rest } = ticket;
  return {
    ...rest,
    customerEmail: emailFor(rights, customerEmail),
    ...(customerName === undefined ? {} : { customerName: nameFor(rights, customerName) }),
    ...(customerPhone === undefined ? {} : { customerPhone: phoneFor(rights, customerPhone) }),
    ...(rights.words ? { summary, transcript } : {}),
  };
}

function feedbackFor(
  rights: Rights,
  { comment, ...rest }: FeedbackDocument,
): Record<string, unknown> {
  return rights.words && comment !== undefined ? { ...rest, comment } : rest;
}
