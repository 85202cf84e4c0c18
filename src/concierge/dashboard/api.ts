import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { refuseBeyond } from '../http/rate-limit.ts';
import { requireRole } from '../http/roles.ts';
import type { Services } from '../services.ts';
import type { FeedbackDocument, TicketDocument } from '../storage/documents.ts';
import type { ReadReport } from './analytics/read-report.ts';
import { operations, rangeQuery, rows } from './operations.ts';
import { type Rights, rightsOf } from './role.ts';
import { emailFor, nameFor, phoneFor } from './viewer.ts';

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
  app.get(
    '/api/dashboard/support/tickets',
    { config: { operation: operations.tickets } },
    async (request, reply) => {
      const rights = rightsFor(request, reply);
      const tickets = await dashboard.newestTickets(rows);
      return { tickets: tickets.map((ticket) => ticketFor(rights, ticket)), requestId: request.id };
    },
  );
  app.get(
    '/api/dashboard/support/csat',
    { config: { operation: operations.csat } },
    async (request, reply) => {
      const rights = rightsFor(request, reply);
      const { items } = await dashboard.unhappy({ limit: rows });
      return { feedback: items.map((one) => feedbackFor(rights, one)), requestId: request.id };
    },
  );
  app.get(
    '/api/dashboard/analytics/concierge',
    { config: { operation: operations.analytics } },
    async (request, reply) => {
      const rights = rightsFor(request, reply);
      const query = rangeQuery.safeParse(request.query);
      if (!query.success) {
        throw new ApiError(400, 'validation.range', 'The range is 7d, 30d or 90d.');
      }
      const report = await readReport(query.data.range, Date.now());
      const totals = rights.totals ? report.totals : null;
      return { ...report, totals, requestId: request.id };
    },
  );
}

/** Field by field, so that nothing is told that the description does not name. */
function ticketFor(rights: Rights, ticket: TicketDocument): Record<string, unknown> {
  const { ticketId, sessionId, customerName, customerEmail, customerPhone } = ticket;
  const { status, priority, assignedTo, slaDeadline, createdAt } = ticket;
  return {
    ticketId,
    sessionId,
    status,
    priority,
    assignedTo: assignedTo ?? null,
    slaDeadline,
    createdAt,
    customerEmail: emailFor(rights, customerEmail),
    ...given({
      customerName: customerName && nameFor(rights, customerName),
      customerPhone: customerPhone && phoneFor(rights, customerPhone),
    }),
    ...(rights.words ? wordsOf(ticket) : {}),
  };
}

/** What the customer's browser sent along. Any of it may hold the customer's own words. */
function wordsOf(ticket: TicketDocument): Record<string, unknown> {
  const { summary, transcript, shortlist, inspiration, timezone, metadata } = ticket;
  const pictures = inspiration?.map(({ assetUrl, label }) => given({ assetUrl, label }));
  return given({ summary, transcript, shortlist, inspiration: pictures, timezone, metadata });
}

function feedbackFor({ words }: Rights, one: FeedbackDocument): Record<string, unknown> {
  const { sessionId, rating, score, timestamp, comment, ...rest } = one;
  const { intent, orderNumber, anonymisedAt } = rest;
  return {
    sessionId,
    rating,
    score,
    timestamp,
    ...given({ intent, orderNumber, anonymisedAt, ...(words ? { comment } : {}) }),
  };
}

/** Without what is not there: the database keeps what is undefined as null. */
function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? null) !== null));
}
