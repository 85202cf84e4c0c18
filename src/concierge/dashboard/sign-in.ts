import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { refuseBeyond } from '../http/rate-limit.ts';
import { roleOfToken } from '../http/roles.ts';
import type { Services } from '../services.ts';
import { sendPage, sendTo, viewerOf } from './answer.ts';
import type { DashboardCookies } from './cookie.ts';
import { closedPage, loginPage } from './pages/notices.ts';

export const home = '/dashboard/support/queue';
const largestForm = 4_096;

/** Only pages of the dashboards: nobody is sent elsewhere by a link that was given to them. */
const next = z
  .string()
  .regex(/^\/dashboard\/[\w\-./?=&%]{0,300}$/)
  .refine((path) => /^\/dashboard\/(?!log)/.test(new URL(path, 'http://here').pathname))
  .catch(home);
const query = z.object({ next: next.default(home) });
const form = z
  .object({ token: z.string().trim().max(512).catch(''), next: next.default(home) })
  .catch({ token: '', next: home });

/** Signing in and out, with a form. */
export function addSignIn(
  scope: FastifyInstance,
  services: Services,
  cookies: DashboardCookies,
): void {
  const { tokens } = services.settings.dashboard;
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: largestForm },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  scope.get('/dashboard/login', async (request, reply) => {
    const viewer = viewerOf(request, services, cookies);
    if (tokens.size === 0) return sendPage(reply, viewer, 401, closedPage());
    const { next } = query.parse(request.query);
    if (viewer.role !== null) return sendTo(reply, next);
    return sendPage(reply, viewer, 200, loginPage(next, false));
  });
  scope.post('/dashboard/login', async (request, reply) => {
    fromHere(request);
    refuseBeyond(services.limits.countAddress(request.ip), 'address', reply);
    const viewer = viewerOf(request, services, cookies);
    if (tokens.size === 0) return sendPage(reply, viewer, 401, closedPage());
    const { token, next } = form.parse(request.body);
    const role = roleOfToken(token, tokens);
    if (role === null) {
      return sendPage(reply, { ...viewer, role: null }, 403, loginPage(next, true));
    }
    reply.header('set-cookie', cookies.issue(role, viewer.now));
    return sendTo(reply, next);
  });
  scope.post('/dashboard/logout', async (request, reply) => {
    fromHere(request);
    reply.header('set-cookie', cookies.end(request.headers.cookie, Date.now()));
    return sendTo(reply, '/dashboard/login');
  });
}

/** No other site may sign somebody in or out. Browsers say where a request comes from. */
function fromHere({ headers }: FastifyRequest): void {
  if (headers['sec-fetch-site'] === 'cross-site') {
    throw new ApiError(403, 'auth.forbidden', 'This form was sent from another site.');
  }
}
