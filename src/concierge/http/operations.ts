import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { widgetFor } from './widget-visibility.ts';

const word = z.string().optional().catch(undefined);
const healthQuery = z.object({ check: word, sessionId: word, user: word });
const metricsQuery = z.object({ format: word });
type HealthQuery = z.infer<typeof healthQuery>;

/** What a check found, under its own name, and whether the concierge can serve without it. */
interface Checked {
  readonly checks: Readonly<Record<string, unknown>>;
  readonly healthy: boolean;
}

type Check = (asked: HealthQuery, request: FastifyRequest, services: Services) => Promise<Checked>;

/** A probe waits ten seconds for its answer; a database that takes this long is as good as away. */
const databaseWithinMs = 2_000;

/** What `?check=` can name. */
const checks: Readonly<Record<string, Check>> = {
  async db(_asked, _request, { store }) {
    const database = await within(databaseWithinMs, store.ping());
    return { checks: { database }, healthy: database === 'ok' };
  },
  async widget({ sessionId, user }, request, services) {
    const visitor = { sessionId: sessionId ?? request.concierge.sessionId, user };
    return { checks: { widget: widgetFor(visitor, services) }, healthy: true };
  },
  // Without the model the rules answer: nothing that customers need is away.
  async ai(_asked, _request, { conversation }) {
    return { checks: { ai: await conversation.health() }, healthy: true };
  },
};

/** Health and metrics, for those who run the concierge. */
export function addOperations(app: FastifyInstance, services: Services): void {
  app.get('/api/health', async (request, reply) => {
    const asked = healthQuery.parse(request.query);
    const health = healthOf(services);
    const check = Object.hasOwn(checks, asked.check ?? '') ? checks[asked.check ?? ''] : undefined;
    if (check === undefined) return health;
    const { checks: found, healthy } = await check(asked, request, services);
    if (!healthy) reply.code(503);
    return { ...health, status: healthy ? 'ok' : 'error', checks: found };
  });
  app.get('/api/metrics', async (request, reply) => {
    const { format } = metricsQuery.parse(request.query);
    const { metrics } = services;
    reply.header('cache-control', 'no-store');
    if (format === 'prometheus') {
      reply.type(metrics.contentType);
      return metrics.prometheus();
    }
    const now = Date.now();
    return format === 'summary' ? metrics.keyMetrics(now) : { points: metrics.points(now) };
  });
}

/** `ok` when the question is answered in time. */
async function within(ms: number, question: Promise<void>): Promise<'ok' | 'unreachable'> {
  const over = new AbortController();
  const late = delay(ms, 'unreachable' as const, { signal: over.signal });
  const answer = question.then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
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
