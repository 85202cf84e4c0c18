import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';

const script = 'text/javascript; charset=utf-8';
const year = 31_536_000;

/**
 * `/widget.js` is a pointer that is never cached: it names the bundle by its digest, or nothing
 * while the widget's flag is off. The bundle itself never changes under its name.
 */
export function addWidgetRoutes(app: FastifyInstance, services: Services): void {
  const { digest, content } = services.identity.widget;
  const path = `/widget/${digest}.js`;
  app.get('/widget.js', async (request, reply) => {
    const known = request.concierge.sessionId;
    const sessionId = known ?? newId('sess_');
    const shown = services.flags.isOn('AURORA_WIDGET_ENABLED', sessionId);
    reply.header('cache-control', 'no-store').type(script);
    reply.header('x-aurora-widget', shown ? 'shown' : 'hidden');
    if (!shown) return '/* The concierge is away. */\n';
    // A visitor without a session gets one, so that the next page finds the same build.
    if (known === null && !request.concierge.probe) {
      reply.header('set-cookie', `aurora_session=${sessionId}; Path=/; SameSite=Lax; Secure`);
    }
    return pointer(path, sessionId);
  });
  app.get('/widget/:file', async (request, reply) => {
    const { file } = request.params as { readonly file: string };
    if (file !== `${digest}.js`) {
      throw new ApiError(404, 'widget.not_found', 'This build has no such bundle.');
    }
    reply.header('cache-control', `public, max-age=${year}, immutable`).type(script);
    return content;
  });
}

/** The script that loads the bundle. The session is handed over, since pages cannot read headers. */
function pointer(path: string, sessionId: string): string {
  return `(function (d) {
  var s = d.createElement('script');
  s.type = 'module';
  s.src = '${path}';
  d.documentElement.dataset.auroraSession = ${JSON.stringify(sessionId)};
  d.head.appendChild(s);
})(document);
`;
}
