import { beforeAll, describe, expect, it, vi } from 'vitest';
import { publishedLimits } from '../../src/concierge/http/rate-limit.ts';
import { ask, freshSession, paths, twoPieces } from './support/ask.ts';
import { useWorld } from './support/world.ts';

const world = useWorld();
const lines: string[] = [];
let url = '';
beforeAll(async () => {
  url = (await world.start({ lines })).url;
});

const path = '/api/support/events';
const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.9.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;
const counter = async (line: string) => {
  const text = await (await fetch(`${url}/api/metrics?format=prometheus`)).text();
  const found = text.split('\n').find((each) => each.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
};
/** The session's events, once there are so many. */
const eventsOf = (sessionId: string, count: number) =>
  vi.waitFor(
    async () => {
      const found = await world.events.collection('events').find({ sessionId }).toArray();
      expect(found).toHaveLength(count);
      return found;
    },
    { timeout: 5_000, interval: 25 },
  );

describe('events of the widget', () => {
  it('keeps one, and several with their own times, by the session of the header', async () => {
    const sessionId = freshSession();
    const opens = await counter('concierge_widget_opens_total');
    const one = await post(
      { event: 'widget_open', source: 'launcher' },
      { 'x-session-id': sessionId },
    );
    expect(one.status).toBe(204);
    expect(await one.text()).toBe('');
    const sent = Date.now();
    const several = await post({
      sessionId,
      events: [
        { event: 'aurora_product_view', productId: 'prod_aurora_ring', ageMs: 5_000 },
        { event: 'intent_complete', intent: 'find_product', durationMs: 900 },
      ],
    });
    expect(several.status).toBe(204);
    const found = new Map((await eventsOf(sessionId, 3)).map((event) => [event.event, event]));
    expect(found.get('aurora_widget_open')).toMatchObject({ environment: 'staging' });
    const view = found.get('aurora_product_view');
    expect(view).toMatchObject({ productId: 'prod_aurora_ring' });
    expect(view).not.toHaveProperty('ageMs');
    expect(Math.abs(Number(view?.timestamp) - (sent - 5_000))).toBeLessThan(2_000);
    expect(await counter('concierge_widget_opens_total')).toBe(opens + 1);
  });
  it('takes the session of the cookie, too', async () => {
    const sessionId = freshSession();
    const body = { event: 'widget_close', source: 'dialog' };
    expect((await post(body, { cookie: `aurora_session=${sessionId}` })).status).toBe(204);
    await eventsOf(sessionId, 1);
  });
  it('lets nobody tell what only the API may tell, or be somebody else', async () => {
    const sessionId = freshSession();
    const before = await counter('concierge_events_invalid_total{event="unknown"');
    const forged = [
      { event: 'aurora_csat_submitted', rating: 'needs_follow_up' },
      { event: 'capsule_reserved', capsuleId: 'cap_1', expiresAt: new Date().toISOString() },
      { event: 'constructor' },
    ];
    expect((await post({ sessionId, events: forged })).status).toBe(204);
    const own = { event: 'widget_open', source: 'launcher' };
    const dressed = { ...own, build: 'another', environment: 'prod', requestId: 'mine' };
    expect((await post({ sessionId, ...dressed })).status).toBe(204);
    const [event, ...others] = await eventsOf(sessionId, 1);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ event: 'aurora_widget_open', environment: 'staging' });
    expect(event?.build).not.toBe('another');
    expect(event?.requestId).not.toBe('mine');
    expect(await counter('concierge_events_invalid_total{event="unknown"')).toBe(before + 3);
  });
  it.each([
    [{ event: 'widget_open' }, 'validation.session'],
    [{ sessionId: 'x', event: 'widget_open' }, 'validation.event'],
    [{ sessionId: 'sess_good' }, 'validation.event'],
    [{ sessionId: 'sess_good', events: [] }, 'validation.event'],
    [
      { sessionId: 'sess_good', events: Array(51).fill({ event: 'widget_open' }) },
      'validation.event',
    ],
    [{ sessionId: 'sess_good', event: 'widget_open', ageMs: -1 }, 'validation.event'],
    [null, 'validation.event'],
    [[], 'validation.event'],
  ])('refuses %j', async (body, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await codeOf(answer)).toBe(code);
  });
  it('refuses a body that names another session than the header', async () => {
    const body = { sessionId: freshSession(), event: 'widget_open', source: 'launcher' };
    const answer = await post(body, { 'x-session-id': freshSession() });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'validation.session']);
  });
  it('has limits of its own: telling too much costs no customer a question', async () => {
    const sessionId = freshSession();
    const headers = { 'x-forwarded-for': '10.77.1.1' };
    const statuses: number[] = [];
    for (let n = 0; n <= publishedLimits.addressPerMinute; n += 1) {
      const answer = await post({ sessionId, event: 'inline_stylist' }, headers);
      statuses.push(answer.status);
    }
    expect(statuses[0]).toBe(204);
    expect(statuses.at(-1)).toBe(429);
    const asked = await ask(url, paths.products, { sessionId }, headers);
    expect(asked.status).toBe(200);
  });
  it('is no request of a customer’s: neither counted nor judged as one', async () => {
    const requests = await counter(`concierge_http_requests_total{endpoint="${path}"`);
    const sessions = await counter('concierge_sessions_total');
    await post({ sessionId: freshSession(), event: 'widget_open', source: 'launcher' });
    expect(await counter(`concierge_http_requests_total{endpoint="${path}"`)).toBe(requests);
    expect(await counter('concierge_sessions_total')).toBe(sessions);
  });
});

describe('what customers write', () => {
  const secret = 'my sister Ottilie must not know';

  it('never stands in an event or in the log', async () => {
    const sessionId = freshSession();
    const key = () => ({ 'x-idempotency-key': `idem-${freshSession()}` });
    const contact = { email: 'someone@example.com', name: secret };
    await ask(url, paths.products, { sessionId, tags: [secret.slice(0, 20)] });
    await ask(url, paths.products, { sessionId, category: 'ring' });
    const items = twoPieces.map((piece) => ({ ...piece, specLine: secret, name: secret }));
    await ask(url, paths.shortlist, { sessionId, items });
    await ask(url, paths.inspiration, {
      sessionId,
      uploadId: secret,
      metadata: { type: 'image/png', caption: secret, source: secret, fileName: secret },
    });
    await ask(url, paths.stylist, {
      sessionId,
      contact,
      summary: secret,
      transcript: [{ role: 'guest', content: secret }],
      metadata: { note: secret },
    });
    const about = { orderNumber: 'GG-20000', option: 'return', reason: secret, notes: secret };
    await ask(url, paths.returns, { sessionId, ...about }, key());
    const rating = { rating: 'needs_follow_up', comment: secret, metadata: { note: secret } };
    const rated = await ask(url, paths.csat, { sessionId, ...rating });
    expect(rated.status).toBe(200);
    await post({ sessionId, event: secret });
    await post({ sessionId, event: 'widget_open', source: secret, [secret]: secret });
    await vi.waitFor(
      async () => {
        const events = await world.events.collection('events').find({ sessionId }).toArray();
        expect(events.map(({ event }) => event).sort()).toEqual([
          'aurora_csat_submitted',
          'aurora_inspiration_uploaded',
          'aurora_product_shortlisted',
          'aurora_products_shown',
          'aurora_return_initiated',
          'aurora_stylist_ticket_created',
        ]);
        expect(JSON.stringify(events)).not.toMatch(/Ottilie|someone@|GG-20000/);
      },
      { timeout: 5_000, interval: 50 },
    );
    await vi.waitFor(() => expect(lines.join('\n')).toContain('does not fit the catalogue'));
    expect(lines.join('\n')).not.toMatch(/Ottilie|someone@/);
  });
  it('is not kept with the session: only what it was understood as', async () => {
    const sessionId = freshSession();
    const text = `Where is my ring? And ${secret}`;
    const { status } = await ask(url, '/api/concierge/messages', { sessionId, text });
    expect(status).toBe(200);
    const session = await world.db.collection('widgetSessions').findOne({ sessionId });
    expect(session?.messages[0]).toMatchObject({ role: 'guest', type: 'text' });
    expect(session?.messages.length).toBeGreaterThan(1);
    expect(JSON.stringify(session)).not.toContain('Ottilie');
  });
  it('costs an event when it stands in the place of an id, and never the answer', async () => {
    const sessionId = freshSession();
    const event = 'concierge_events_invalid_total{event="aurora_product_shortlisted"';
    const before = await counter(event);
    const items = [{ productId: secret, name: 'x', price: 1, currency: 'USD' }];
    const { status } = await ask(url, paths.shortlist, { sessionId, items });
    expect(status).toBe(200);
    expect(await counter(event)).toBe(before + 1);
    expect(await world.events.collection('events').countDocuments({ sessionId })).toBe(0);
  });
});
