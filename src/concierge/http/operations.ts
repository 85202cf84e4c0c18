import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { summariseByEndpoint } from '../telemetry/points.ts';
import { widgetFor } from './widget-visibility.ts';

const healthQuery = z.object({
  check: z.string().optional(),
  sessionId: z.string().optional(),
  user: z.string().optional(),
});
const metricsQuery = z.object({ format: z.string().optional() });

/** Health and metrics, for those who run the concierge. */
export function addOperations(app: FastifyInstance, services: Services): void {
  app.get('/api/health', async (request, reply) => {
    const { check, sessionId, user } = healthQuery.parse(request.query);
    const health = healthOf(services);
    if (check === 'widget') {
      const visitor = { sessionId: sessionId ?? request.concierge.sessionId, user };
      return { ...health, checks: { widget: widgetFor(visitor, services) } };
    }
    if (check !== 'db') return health;
    const database = await services.store.ping().then(
      () => 'ok',
      () => 'unreachable',
    );
    if (database !== 'ok') reply.code(503);
    return { ...health, status: database === 'ok' ? 'ok' : 'error', checks: { database } };
  });
  app.get('/api/metrics', async (request, reply) => {
    const { format } = metricsQuery.parse(request.query);
    if (format === 'prometheus') {
      reply.type(services.metrics.contentType);
      return services.metrics.prometheus();
    }
    const points = services.metrics.points.list(Date.now());
    return format === 'summary' ? { summary: summariseByEndpoint(points) } : { points };
  });
}

function healthOf({ settings, identity, flags }: Services): Record<string, unknown> {
  return {
    status: 'ok',
    timestamp: new Date().toISOString(),
    build: identity.build,
    environment: settings.environment,
    slot: settings.slot,
    stubs: settings.stubs,
    flags: flags.knowledge(),
  };
}
