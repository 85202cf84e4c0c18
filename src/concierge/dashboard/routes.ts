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
      const refusal = refusalOf(error);
      if (refusal !== null) {
        return sendPage(reply, viewer, refusal.status, noticePage(refusal.title, refusal.text));
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

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** What is wrong with a request, by our own word or the framework's; null when nothing is. */
function refusalOf(error: unknown): Refusal | null {
  if (error instanceof ApiError && error.status < 500) {
    const title = error.status === 404 ? 'Not found' : 'That did not work';
    return { status: error.status, title, text: error.message };
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  return { status, title: 'That did not work', text: 'The request could not be read.' };
}
