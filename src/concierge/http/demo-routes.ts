import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { demoPage } from '../demo/page.ts';
import { demoStyle } from '../demo/style.ts';
import { reasonWords } from '../flags/widget-decision.ts';
import type { Services } from '../services.ts';
import { visibilityFor } from './widget-visibility.ts';

/** What the page may load: its own things, and nothing that is written into it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const shownPieces = 8;
const query = z.object({ user: z.string().optional().catch(undefined) });

/**
 * `/demo`: a shop page that hosts the widget, for whoever has to approve it. Not in production,
 * where the shop's own pages do that.
 */
export function addDemoRoutes(app: FastifyInstance, services: Services): void {
  const { settings, identity, catalogue } = services;
  if (settings.environment === 'production') return;
  app.get('/demo', async (request, reply) => {
    const { user } = query.parse(request.query);
    const visitor = { sessionId: request.concierge.sessionId, user };
    const { reason } = visibilityFor(visitor, services);
    // Without its catalogue the shop is bare, and the widget can still be looked at.
    const page = await catalogue.search({}, shownPieces).catch(() => ({ cards: [] }));
    reply.type('text/html; charset=utf-8');
    reply.header('content-security-policy', policy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cache-control', 'no-store');
    return demoPage({
      pieces: page.cards,
      build: identity.build,
      environment: settings.environment,
      slot: settings.slot,
      widget: reasonWords[reason],
      stubs: settings.stubs.active,
    });
  });
  app.get('/demo/style.css', async (_request, reply) => {
    reply.header('cache-control', 'no-cache').type('text/css; charset=utf-8');
    return demoStyle;
  });
}
