import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { ReadReport } from './analytics/read-report.ts';
import { sendPage, sendTo, viewerOf } from './answer.ts';
import type { DashboardCookies } from './cookie.ts';
import type { Page } from './frame.ts';
import { rangeQuery } from './operations.ts';
import { analyticsPage } from './pages/analytics.ts';
import { capsulesPage } from './pages/capsules.ts';
import { csatPage } from './pages/csat.ts';
import { closedPage, noticePage } from './pages/notices.ts';
import { orderPage } from './pages/order.ts';
import { orderStatuses, ordersPage } from './pages/orders.ts';
import { queuePage, ticketStatuses } from './pages/queue.ts';
import { ticketPage } from './pages/ticket.ts';
import { home } from './sign-in.ts';
import type { Viewer } from './viewer.ts';

const ordersOnPage = 30;
const rowsOnPage = 50;
const hour = 3_600_000;
/** Longer than any capsule is held. */
const longestHold = 30 * 24 * hour;

const cursor = z.string().max(400).optional().catch(undefined);
const ordersQuery = z.object({ cursor, status: z.enum(orderStatuses).optional().catch(undefined) });
const queueQuery = z.object({
  cursor,
  status: z.enum(ticketStatuses).default('open').catch('open'),
  priority: z.enum(['high', 'normal']).optional().catch(undefined),
});
const capsulesQuery = z.object({ cursor, within: z.literal('12h').optional().catch(undefined) });
const listQuery = z.object({ cursor });
const idParams = z.object({ id: z.string().catch('') });

/** Other names that the sources have for the pages. */
const aliases: Readonly<Record<string, string>> = {
  '/dashboard': home,
  '/dashboard/': home,
  '/dashboard/support': home,
  '/dashboard/support/tickets': home,
  '/dashboard/capsules': '/dashboard/support/capsules',
  '/dashboard/csat': '/dashboard/support/csat',
  '/dashboard/analytics': '/dashboard/analytics/concierge',
};

/** Makes one page. Throws ApiError where there is none. */
type Make = (viewer: Viewer, request: FastifyRequest) => Promise<Page>;

/** The pages, each for whoever is signed in. */
export function addPages(
  scope: FastifyInstance,
  services: Services,
  cookies: DashboardCookies,
  readReport: ReadReport,
): void {
  const { tokens } = services.settings.dashboard;
  const add = (path: string, make: Make) => {
    scope.get(path, async (request, reply) => {
      const viewer = viewerOf(request, services, cookies);
      if (tokens.size === 0) return sendPage(reply, viewer, 401, closedPage());
      if (viewer.role === null) {
        return sendTo(reply, `/dashboard/login?next=${encodeURIComponent(request.url)}`);
      }
      return sendPage(reply, viewer, 200, await make(viewer, request));
    });
  };
  for (const [alias, path] of Object.entries(aliases)) {
    scope.get(alias, async (_request, reply) => sendTo(reply, path));
  }
  addOrders(add, services);
  addSupport(add, services);
  add('/dashboard/analytics/concierge', async (viewer, { query }) => {
    const { range } = rangeQuery.catch({ range: '7d' }).parse(query);
    return analyticsPage(viewer, await readReport(range, viewer.now));
  });
  scope.get('/dashboard/*', async (request, reply) => {
    const page = noticePage('Not found', 'There is no such page.');
    return sendPage(reply, viewerOf(request, services, cookies), 404, page);
  });
}

type Add = (path: string, make: Make) => void;

function addOrders(add: Add, { dashboard }: Services): void {
  add('/dashboard/orders', async (viewer, { query }) => {
    const { cursor, status } = ordersQuery.parse(query);
    const orders = await dashboard.orders({ limit: ordersOnPage, cursor, status });
    return ordersPage(viewer, orders, status);
  });
  add('/dashboard/orders/:id', async (viewer, { params }) => {
    const order = await dashboard.order(idParams.parse(params).id);
    if (order === null) throw new ApiError(404, 'order.not_found', 'There is no such order.');
    return orderPage(viewer, order);
  });
}

function addSupport(add: Add, { dashboard }: Services): void {
  add(home, async (viewer, { query }) => {
    const { cursor, ...chosen } = queueQuery.parse(query);
    const tickets = await dashboard.queue({ limit: rowsOnPage, cursor, ...chosen });
    return queuePage(viewer, tickets, chosen);
  });
  add('/dashboard/support/tickets/:id', async (viewer, { params }) => {
    if (!viewer.rights.tickets) {
      const text =
        'Viewers see the queue, not what single customers wrote. Sign in with another role.';
      throw new ApiError(403, 'auth.forbidden', text);
    }
    const ticket = await dashboard.ticket(idParams.parse(params).id);
    if (ticket === null) throw new ApiError(404, 'ticket.not_found', 'There is no such ticket.');
    return ticketPage(viewer, ticket);
  });
  add('/dashboard/support/capsules', async (viewer, { query }) => {
    const { cursor, within } = capsulesQuery.parse(query);
    const onlySoon = within === '12h';
    const from = new Date(viewer.now);
    const until = new Date(viewer.now + (onlySoon ? 12 * hour : longestHold));
    const capsules = await dashboard.capsules({ limit: rowsOnPage, cursor, from, until });
    return capsulesPage(viewer, capsules, onlySoon);
  });
  add('/dashboard/support/csat', async (viewer, { query }) => {
    const { cursor } = listQuery.parse(query);
    return csatPage(viewer, await dashboard.unhappy({ limit: rowsOnPage, cursor }));
  });
}
