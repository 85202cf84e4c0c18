import type { EventFilter } from '../../../src/services/database/database.ts';
import { type Loopback, loopback, type Received, type Reply } from '../support/loopback.ts';
import type { MemoryDatabase } from '../support/memory.ts';

export const apiKey = 'smoke-test-api-key-0123456789';

const types: Readonly<Record<string, readonly string[]>> = {
  '/api/concierge/products': ['assistant_text', 'product_card', 'offer_card'],
  '/api/concierge/orders/status': ['assistant_text', 'order_status', 'csat_bar'],
  '/api/concierge/orders/returns': ['assistant_text', 'escalation_form', 'csat_bar'],
  '/api/concierge/shortlist': ['assistant_text'],
  '/api/concierge/capsule': ['assistant_text', 'offer_card'],
  '/api/concierge/stylist': ['escalation_form', 'assistant_text'],
  '/api/analytics/csat': ['csat_bar'],
};

/** A concierge that keeps to its contract as far as a smoke run can see, unless `bend` says otherwise. */
export async function tinyConcierge(
  database: MemoryDatabase,
  bend: (request: Received) => Reply | null | undefined = () => undefined,
): Promise<Loopback> {
  let ids = 0;
  return loopback((request) => {
    const bent = bend(request);
    if (bent !== undefined) return bent;
    ids += 1;
    const headers = { 'x-request-id': `req_${ids}`, 'x-aurora-build': 'c'.repeat(64) };
    const refuse = (status: number, code: string) => ({
      status,
      headers,
      body: { code, message: code },
    });
    const { path, body } = request;
    const sessionId = String(body.sessionId);
    if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'auth.missing');
    if (request.headers['x-session-id'] !== sessionId) return refuse(400, 'validation.session');
    database.sessions.add(sessionId);
    const needsKey = /returns|capsule/.test(path);
    if (needsKey && request.headers['x-idempotency-key'] === undefined) {
      return refuse(400, 'IDEMPOTENCY_REQUIRED');
    }
    if ('orderNumber' in body && !database.orders.has(String(body.orderNumber))) {
      return refuse(404, 'order.not_found');
    }
    if (path.endsWith('/capsule') && body.shortlistId !== `sl_${sessionId}`) {
      return refuse(400, 'validation.shortlist');
    }
    if (path === '/api/analytics/csat') {
      const event: EventFilter = {
        event: 'aurora_csat_submitted',
        environment: 'staging',
        sessionId,
      };
      setTimeout(() => database.events.push(event), 100);
    }
    const messages = (types[path] ?? []).map((type) => ({ type, payload: {} }));
    return { headers, body: { messages, shortlistId: `sl_${sessionId}` } };
  });
}
