import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import type { Services } from '../services.ts';
import { reportReader } from './analytics/read-report.ts';
import { sendPage, viewerOf } from './answer.ts';
import { addDashboardApi } from './api.ts';
import { DashboardCookies } from './cookie.ts';
import { addPages } from './page-routes.ts';
import { noticePage } from './pages/notices.ts';
import { addSignIn } from './sign-in.ts';

/** The dashboards: pages under `/dashboard`, and the three APIs behind them. They only read. */
export function addDashboard(app: FastifyInstance, services: Services): void {
  const { settings, log } = services;
  const cookies = new DashboardCookies(settings.dashboard.tokens, settings.apiKey);
  const readReport = reportReader(services);
  addDashboardApi(app, services, readReport);
  // A scope of its own: here errors are pages, and forms are read.
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const viewer = viewerOf(request, services, cookies);
      if (error instanceof ApiError && error.status < 500) {
        const title = error.status === 404 ? 'Not found' : 'That did not work';
        return sendPage(reply, viewer, error.status, noticePage(title, error.message));
      }
      log.error(`${request.method} ${request.routeOptions.url ?? ''} failed`, error, {
        requestId: request.id,
      });
      const text = 'The data cannot be read right now. Try again in a moment.';
      return sendPage(reply, viewer, 503, noticePage('Away for a moment', text));
    });
    addSignIn(scope, services, cookies);
    addPages(scope, services, cookies, readReport);
  });
}
