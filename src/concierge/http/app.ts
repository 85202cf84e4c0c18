import Fastify, { type FastifyInstance } from 'fastify';
import { addEventRoutes } from '../analytics/event-routes.ts';
import { addDashboard } from '../dashboard/routes.ts';
import { capsule } from '../endpoints/capsule.ts';
import { csat } from '../endpoints/csat.ts';
import { inspiration } from '../endpoints/inspiration.ts';
import { messages } from '../endpoints/messages.ts';
import { orderStatus } from '../endpoints/order-status.ts';
import { orderUpdates } from '../endpoints/order-updates.ts';
import { products } from '../endpoints/products.ts';
import { returns } from '../endpoints/returns.ts';
import { shortlist } from '../endpoints/shortlist.ts';
import { stylist } from '../endpoints/stylist.ts';
import { addOpenApi } from '../openapi/routes.ts';
import type { ConciergePlugin } from '../plugin.ts';
import type { Services } from '../services.ts';
import { addSupportRoutes } from '../support/routes.ts';
import { answerClientError } from './client-errors.ts';
import { addDemoRoutes } from './demo-routes.ts';
import { addEndpoint } from './endpoint.ts';
import { addFailureAnswers, answerFrameworkError } from './failures.ts';
import { addHooks, requestIdOf } from './hooks.ts';
import { addOperations } from './operations.ts';
import { isLoopback } from './request-state.ts';
import { addWidgetRoutes } from './widget-routes.ts';

const largestBody = 256 * 1024;

/** The whole HTTP server, not listening yet. */
export async function createApp(
  services: Services,
  plugins: readonly ConciergePlugin[],
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: largestBody,
    // Only the edge on this machine is believed when it says whose request it forwards.
    trustProxy: isLoopback,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id']),
    keepAliveTimeout: 72_000,
    // A body has to come within this time, from whatever line; looked at each second.
    requestTimeout: 20_000,
    http: { connectionsCheckingInterval: 1_000 },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    // While it drains, the server answers what still comes; the edge has been told to go elsewhere.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  addHooks(app, services);
  addFailureAnswers(app, services.log);
  for (const plugin of plugins) await plugin(app, services);
  addOpenApi(app);
  addEndpoint(app, products, services);
  addEndpoint(app, orderStatus, services);
  addEndpoint(app, returns, services);
  addEndpoint(app, capsule, services);
  addEndpoint(app, stylist, services);
  addEndpoint(app, csat, services);
  addEndpoint(app, shortlist, services);
  addEndpoint(app, inspiration, services);
  addEndpoint(app, orderUpdates, services);
  addEndpoint(app, messages, services);
  addSupportRoutes(app, services);
  addEventRoutes(app, services);
  addOperations(app, services);
  addWidgetRoutes(app, services);
  addDemoRoutes(app, services);
  addDashboard(app, services);
  return app;
}
