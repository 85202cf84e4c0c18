import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { visibilityFor } from './widget-visibility.ts';

const script = 'text/javascript; charset=utf-8';
const year = 31_536_000;
const query = z.object({ user: z.string().optional().catch(undefined) });

/**
 * `/widget.js` is a pointer that is never cached: it names the bundle by its digest, or nothing
 * for whom the widget is hidden. The bundle itself never changes under its name. A page that knows
 * its user says so with `?user=` and the SHA-256 of the e-mail address.
 */
export function addWidgetRoutes(app: FastifyInstance, services: Services): void {
  const { digest, content } = services.identity.widget;
  const path = `/widget/${digest}.js`;
  app.get('/widget.js', async (request, reply) => {
    const known = request.concierge.sessionId;
    const sessionId = known ?? newId('sess_');
    const { user } = query.parse(request.query);
    const { shown, reason } = visibilityFor({ sessionId, user }, services);
    reply.header('cache-control', 'no-store').type(script);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('x-aurora-widget', shown ? 'shown' : 'hidden');
    reply.header('x-aurora-widget-reason', reason);
    // A visitor without a session gets one, so that the next page finds the same build. It is given
    // to those who are hidden, too: else they would be drawn anew with each page.
    if (known === null && !request.concierge.probe) {
      const rest = 'Path=/; SameSite=Lax; Secure; HttpOnly';
      reply.header('set-cookie', `aurora_session=${sessionId}; ${rest}`);
    }
    if (!shown) return `/* The concierge is away: ${reason}. */\n`;
    if (!request.concierge.probe) services.metrics.widgetShown();
    return pointer(path, sessionId, returnsOutage(sessionId, services));
  });
  app.get('/widget/:file', async (request, reply) => {
    const { file } = request.params as { readonly file: string };
    if (file !== `${digest}.js`) {
      throw new ApiError(404, 'widget.not_found', 'This build has no such bundle.');
    }
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', `public, max-age=${year}, immutable`).type(script);
    return content;
  });
}

/** The text that the widget shows in place of returns; undefined while they are on. */
function returnsOutage(sessionId: string, { flags, copy }: Services): string | undefined {
  return flags.isOn('AURORA_RETURNS_ENABLED', sessionId) ? undefined : copy.returnsOutage;
}

/**
 * The script that loads the bundle, and what the widget is told. The session is handed over here,
 * since pages can read neither headers nor its cookie.
 */
function pointer(path: string, sessionId: string, outage: string | undefined): string {
  const told = outage === undefined ? '' : `e.auroraReturnsOutage = ${JSON.stringify(outage)};\n  `;
  return `(function (d) {
  var s = d.createElement('script');
  var e = d.documentElement.dataset;
  s.type = 'module';
  s.src = '${path}';
  e.auroraSession = ${JSON.stringify(sessionId)};
  ${told}d.head.appendChild(s);
})(document);
`;
}
