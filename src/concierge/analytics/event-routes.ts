import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sessionId } from '../endpoints/fields.ts';
import { ApiError } from '../errors.ts';
import { refuseBeyond } from '../http/rate-limit.ts';
import { misnamesSession } from '../http/request-state.ts';
import type { Services } from '../services.ts';
import { type EventName, isEventName, problemOf } from './catalogue.ts';
import { type AnalyticsEvent, analyticsEnvironment } from './events.ts';

/** What only a widget knows. Everything else the API tells by itself, and nobody else may. */
const ofTheWidget: ReadonlySet<EventName> = new Set<EventName>([
  'aurora_widget_open',
  'aurora_widget_close',
  'aurora_intent_detected',
  'aurora_intent_complete',
  'aurora_product_view',
  'aurora_add_to_bag',
  'aurora_inline_track_order',
  'aurora_inline_stylist',
  'aurora_outage_notice',
]);

const mostEvents = 50;
const largestBody = 32 * 1024;

const told = z.looseObject({
  /** With or without `aurora_`. */
  event: z.string().min(1).max(64),
  /** How long ago it was, milliseconds: a widget tells of several at once. */
  ageMs: z.int().min(0).max(600_000).default(0),
});
const one = told.extend({ sessionId: sessionId.optional() });
const many = z.object({
  sessionId: sessionId.optional(),
  events: z.array(told).min(1).max(mostEvents),
});
const body = z.union([many, one]);

type Told = z.infer<typeof told>;

/**
 * `POST /api/support/events`: what the widget tells of itself, one event or up to fifty. An event that
 * does not fit the catalogue is left out and counted; the answer is 204 all the same. It is no question of a
 * customer's: it has limits of its own, and does not stand among the requests that are judged.
 */
export function addEventRoutes(app: FastifyInstance, services: Services): void {
  const operation = {
    summary: 'What the widget tells of itself, for analytics',
    tag: 'support' as const,
    request: body,
    response: null,
    status: 204,
    errors: { 400: ['validation.session', 'validation.event'], 429: ['rate.limit'] },
  };
  app.post(
    '/api/support/events',
    { bodyLimit: largestBody, config: { operation } },
    async (request, reply) => {
      const { probe } = request.concierge;
      if (!probe)
        refuseBeyond(services.limits.countAddress(`events ${request.ip}`), 'address', reply);
      const { session, events } = read(request);
      request.concierge.sessionId = session;
      if (!probe) take(session, events, request, reply, services);
      return reply.code(204).send();
    },
  );
}

function read(request: FastifyRequest): {
  readonly session: string;
  readonly events: readonly Told[];
} {
  const parsed = body.safeParse(request.body);
  if (!parsed.success) {
    throw new ApiError(400, 'validation.event', 'The body names no event, or too many.');
  }
  const { sessionId: inBody, ...rest } = parsed.data;
  const named = request.concierge.sessionId;
  const session = named ?? inBody;
  if (misnamesSession(request) || session === undefined) {
    throw new ApiError(400, 'validation.session', 'x-session-id names no session.');
  }
  if (inBody !== undefined && inBody !== session) {
    throw new ApiError(400, 'validation.session', 'Header and body name different sessions.');
  }
  return {
    session,
    events: 'events' in rest ? (rest as z.infer<typeof many>).events : [rest as Told],
  };
}

function take(
  session: string,
  events: readonly Told[],
  { id }: FastifyRequest,
  reply: FastifyReply,
  services: Services,
): void {
  const counted = services.limits.countSession(`events ${session}`);
  refuseBeyond(counted, 'session', reply);
  const now = Date.now();
  for (const { event: name, ageMs, ...fields } of events) {
    const event = nameOf(name);
    if (event === null) {
      services.metrics.eventInvalid('unknown');
      continue;
    }
    const whole: AnalyticsEvent = {
      ...fields,
      event,
      timestamp: new Date(now - ageMs),
      sessionId: session,
      requestId: id,
      environment: analyticsEnvironment[services.settings.environment],
      build: services.identity.build,
    };
    services.events.emit(whole);
    if (event === 'aurora_widget_open' && problemOf(whole) === null)
      services.metrics.widgetOpened();
  }
}

/** The catalogue's name; null for what a widget has no business to tell. */
function nameOf(name: string): EventName | null {
  const full = name.startsWith('aurora_') ? name : `aurora_${name}`;
  return isEventName(full) && ofTheWidget.has(full) ? full : null;
}
