import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, freshSession, paths, twoPieces } from './support/ask.ts';
import { identity, useWorld } from './support/world.ts';

const world = useWorld();
let url = '';
beforeAll(async () => {
  url = (await world.start()).url;
});

const key = () => ({ 'x-idempotency-key': `idem-${freshSession()}` });

/** The session's events, once the wanted one is among them. */
async function eventOf(sessionId: string, event: string) {
  return vi.waitFor(
    async () => {
      const found = await world.events.collection('events').findOne({ sessionId, event });
      if (found === null) throw new Error(`${event} is not there yet`);
      return found;
    },
    { timeout: 5_000, interval: 25 },
  );
}

describe('products', () => {
  it('answers cards, messages in the envelope, and emits what was shown', async () => {
    const sessionId = freshSession();
    const { status, body, types } = await ask(url, paths.products, { sessionId, category: 'ring' });
    expect(status).toBe(200);
    expect(types).toEqual(['assistant_text', 'product_card', 'offer_card']);
    expect(body.data).toHaveLength(6);
    expect(body.data?.every(({ category }) => category === 'ring')).toBe(true);
    expect(body.data?.[0]).toMatchObject({ productId: 'prod_aurora_ring', price: 3850 });
    expect(body.data?.[0]?.badges).toContain('Bestseller');
    expect(body.messages?.[2]?.payload).toMatchObject({ cta: { intent: 'capsule_reserve' } });
    expect(body.messages?.[0]).toMatchObject({ role: 'concierge', intent: 'find_product' });
    const event = await eventOf(sessionId, 'aurora_products_shown');
    expect(event).toMatchObject({
      environment: 'staging',
      build: identity.build,
      requestId: body.requestId,
      intent: 'find_product',
      count: 6,
    });
    expect(event.timestamp).toBeInstanceOf(Date);
  });
  it('filters by metal, price and readiness', async () => {
    const asked = { metal: '14k_white', priceMin: 700, priceMax: 1_500, readyToShip: true };
    const { body } = await ask(url, paths.products, { sessionId: freshSession(), ...asked });
    expect(body.data?.map(({ productId }) => productId).sort()).toEqual([
      'prod_constellation',
      'prod_lumen_studs',
      'prod_tide_ring',
    ]);
  });
  it('never shows what has no price or no stock, unless stock is overridden', async () => {
    const sessionId = freshSession();
    const { body } = await ask(url, paths.products, { sessionId, limit: 25 });
    const ids = body.data?.map(({ productId }) => productId);
    expect(ids).toContain('prod_twilight_collar');
    expect(ids).not.toContain('prod_atelier_sample');
    expect(ids).not.toContain('prod_unpriced_brooch');
  });
  it('pages through everything once', async () => {
    const sessionId = freshSession();
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = cursor == null ? {} : { cursor };
      const { body } = await ask(url, paths.products, { sessionId, limit: 10, ...page });
      seen.push(...(body.data ?? []).map(({ productId }) => productId));
      cursor = body.nextCursor;
    } while (cursor != null);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });
  it.each([
    { limit: 26 },
    { limit: 0 },
    { priceMin: -1 },
    { priceMin: 20, priceMax: 10 },
    { category: 'hat' },
    { metal: 'tin' },
    { cursor: 'short' },
  ])('refuses %o as out of range', async (asked) => {
    const { status, body } = await ask(url, paths.products, {
      sessionId: freshSession(),
      ...asked,
    });
    expect([status, body.code]).toEqual([400, 'validation.range']);
  });
});

describe('orders/status', () => {
  it('tells the timeline with its current step, masked tracking, and asks how it was', async () => {
    const sessionId = freshSession();
    const asked = { sessionId, orderNumber: 'GG-12002' };
    const { status, body, types } = await ask(url, paths.orderStatus, asked);
    expect(status).toBe(200);
    expect(types).toEqual(['order_status', 'csat_bar']);
    expect(body).toMatchObject({ orderNumber: 'GG-12002', currentStatus: 'shipped' });
    const timeline = body.timeline as { status: string; isCurrent: boolean }[];
    expect(timeline.at(-1)).toMatchObject({ status: 'shipped', isCurrent: true });
    expect(timeline.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect(body.shipping).toMatchObject({ trackingNumber: '1Z***2002' });
    const event = await eventOf(sessionId, 'aurora_order_tracked');
    expect(event.orderNumberHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(event)).not.toContain('GG-12002');
  });
  it('finds the newest order by e-mail and postal code', async () => {
    const asked = { email: 'shopper7@example.com', postalCode: '90001' };
    const { body } = await ask(url, paths.orderStatus, { sessionId: freshSession(), ...asked });
    expect(body.orderNumber).toBe('GG-20007');
  });
  it('answers 404 for an unknown order', async () => {
    const asked = { sessionId: freshSession(), orderNumber: 'GG-00000' };
    const { status, body } = await ask(url, paths.orderStatus, asked);
    expect([status, body.code]).toEqual([404, 'order.not_found']);
  });
  it.each([
    {},
    { email: 'a@example.com' },
    { orderNumber: 'GG-12001', email: 'a@example.com', postalCode: '90001' },
    { email: 'a@example.com', postalCode: '12' },
  ])('refuses the lookup %o', async (lookup) => {
    const asked = { sessionId: freshSession(), ...lookup };
    const { status, body } = await ask(url, paths.orderStatus, asked);
    expect([status, body.code]).toEqual([400, 'validation.lookup']);
  });
});

describe('orders/returns', () => {
  it('opens one return for an order, marks the order, and refuses a second', async () => {
    const sessionId = freshSession();
    const asked = { sessionId, orderNumber: 'GG-20000', option: 'return' };
    const headers = key();
    const first = await ask(url, paths.returns, asked, headers);
    expect(first.status).toBe(200);
    expect(first.types).toEqual(['assistant_text', 'escalation_form']);
    expect(first.body.rmaId).toMatch(/^RMA-[0-9A-F]{12}$/);
    expect(first.body.idempotencyKeyEcho).toBe(headers['x-idempotency-key']);
    const order = await world.db.collection('orders').findOne({ orderNumber: 'GG-20000' });
    expect(order?.status).toBe('return_pending');
    expect(order?.statusHistory.at(-1).status).toBe('return_pending');
    const stored = await world.db.collection('returns').findOne({ orderNumber: 'GG-20000' });
    expect(stored?.rmaId).toBe(first.body.rmaId);
    await eventOf(sessionId, 'aurora_return_initiated');
    const second = await ask(url, paths.returns, asked, key());
    expect([second.status, second.body.code]).toEqual([409, 'returns.duplicate']);
  });
  it('opens only one when two ask at once', async () => {
    const one = () => ({ sessionId: freshSession(), orderNumber: 'GG-20001', option: 'return' });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ask(url, paths.returns, one(), key())),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
    const kept = await world.db.collection('returns').countDocuments({ orderNumber: 'GG-20001' });
    expect(kept).toBe(1);
  });
  it.each([
    ['GG-12003', 'return', 'made for one person'],
    ['GG-12001', 'return', 'not delivered'],
    ['GG-00000', 'return', 'unknown'],
  ])('refuses %s as ineligible: %s, %s', async (orderNumber, option) => {
    const asked = { sessionId: freshSession(), orderNumber, option };
    const { status, body } = await ask(url, paths.returns, asked, key());
    expect([status, body.code]).toEqual([404, 'returns.ineligible']);
  });
  it('names a bad contact address', async () => {
    const contact = { email: 'nobody' };
    const asked = { sessionId: freshSession(), orderNumber: 'GG-20003', option: 'care', contact };
    const { status, body } = await ask(url, paths.returns, asked, key());
    expect([status, body.code]).toEqual([400, 'validation.contact_email']);
  });
});

describe('shortlist and capsule', () => {
  it('keeps one shortlist for a session and holds it once', async () => {
    const sessionId = freshSession();
    const one = await ask(url, paths.shortlist, { sessionId, items: twoPieces.slice(0, 1) });
    const two = await ask(url, paths.shortlist, { sessionId, items: twoPieces });
    expect(two.body).toMatchObject({ shortlistId: one.body.shortlistId, totalItems: 2 });
    const lists = world.db.collection('widgetShortlists');
    expect(await lists.countDocuments({ sessionId })).toBe(1);
    await eventOf(sessionId, 'aurora_product_shortlisted');

    const { shortlistId } = two.body;
    const asked = { sessionId, shortlistId, customerEmail: 'guest@example.com' };
    const held = await ask(url, paths.capsule, asked, key());
    expect(held.status).toBe(200);
    expect(held.types).toEqual(['offer_card', 'assistant_text']);
    expect(held.body).toMatchObject({ shortlistCount: 2 });
    const hours = (Date.parse(String(held.body.expiresAt)) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(48, 1);
    const { capsuleId } = held.body;
    const hold = await world.db.collection('capsuleHolds').findOne({ sessionId });
    expect(hold).toMatchObject({ capsuleId, status: 'active' });
    expect(hold?.shortlist).toHaveLength(2);
    expect(await world.db.collection('renderJobs').countDocuments({ capsuleId })).toBe(1);
    await eventOf(sessionId, 'aurora_capsule_reserved');

    const again = await ask(url, paths.capsule, asked, key());
    expect([again.status, again.body.code]).toEqual([409, 'CAPSULE_LIMIT_REACHED']);
  });
  it('needs two pieces, and the shortlist to be the session’s own', async () => {
    const sessionId = freshSession();
    const { body } = await ask(url, paths.shortlist, { sessionId, items: twoPieces.slice(0, 1) });
    const customerEmail = 'guest@example.com';
    const own = { sessionId, shortlistId: body.shortlistId, customerEmail };
    const few = await ask(url, paths.capsule, own, key());
    expect([few.status, few.body.code]).toEqual([400, 'validation.shortlist']);
    const foreign = await ask(url, paths.capsule, { ...own, sessionId: freshSession() }, key());
    expect([foreign.status, foreign.body.code]).toEqual([400, 'validation.shortlist']);
  });
  it('refuses an empty shortlist', async () => {
    const { status, body } = await ask(url, paths.shortlist, {
      sessionId: freshSession(),
      items: [],
    });
    expect([status, body.code]).toEqual([400, 'validation.items']);
  });
});

describe('stylist', () => {
  const contact = { email: 'guest@example.com', name: 'Guest' };
  it('opens a ticket: first the form, then the acknowledgement', async () => {
    const sessionId = freshSession();
    const summary = 'Looking for something with pearls.';
    const { body, types } = await ask(url, paths.stylist, { sessionId, contact, summary });
    expect(types).toEqual(['escalation_form', 'assistant_text']);
    expect(body).toMatchObject({ status: 'queued', slaMinutes: 45, queuePosition: 1 });
    const ticket = await world.db.collection('stylistTickets').findOne({ sessionId });
    expect(ticket).toMatchObject({ ticketId: body.ticketId, status: 'open' });
    await eventOf(sessionId, 'aurora_stylist_ticket_created');
  });
  it('refuses a summary that says nothing', async () => {
    const asked = { sessionId: freshSession(), contact, summary: 'short' };
    const { status, body } = await ask(url, paths.stylist, asked);
    expect([status, body.code]).toEqual([400, 'validation.summary']);
  });
});

describe('csat', () => {
  it('keeps the first rating of a session and ignores the second', async () => {
    const sessionId = freshSession();
    const first = { sessionId, rating: 'great', comment: 'lovely words' };
    const { body, types } = await ask(url, paths.csat, first);
    expect(body).toMatchObject({ ok: true, rating: 'great', agentNotified: false });
    expect(types[0]).toBe('csat_bar');
    const event = await eventOf(sessionId, 'aurora_csat_submitted');
    expect(event).toMatchObject({ rating: 'great', commentLength: 12 });
    expect(JSON.stringify(event)).not.toContain('lovely');

    const again = await ask(url, paths.csat, { sessionId, rating: 'needs_follow_up' });
    expect([again.status, again.body.ok, again.body.agentNotified]).toEqual([200, true, false]);
    const kept = await world.db.collection('csatFeedback').find({ sessionId }).toArray();
    expect(kept.map(({ rating, score }) => [rating, score])).toEqual([['great', 5]]);
  });
  it('opens the form for an unhappy customer', async () => {
    const asked = { sessionId: freshSession(), rating: 'needs_follow_up' };
    const { body, types } = await ask(url, paths.csat, asked);
    expect(types).toContain('escalation_form');
    expect(body.agentNotified).toBe(true);
  });
  it('refuses a number as a rating', async () => {
    const { status, body } = await ask(url, paths.csat, { sessionId: freshSession(), rating: 5 });
    expect([status, body.code]).toEqual([400, 'validation.rating']);
  });
});

describe('inspiration', () => {
  it('registers a picture and signs its address for 15 minutes', async () => {
    const sessionId = freshSession();
    const metadata = { type: 'image/png', caption: 'like this', sizeBytes: 1_000 };
    const { body } = await ask(url, paths.inspiration, { sessionId, uploadId: 'u1', metadata });
    expect(body).toMatchObject({ ok: true, moderationStatus: 'pending_review', sizeBytes: 1_000 });
    const address = new URL(String(body.url));
    const minutes = (Number(address.searchParams.get('expires')) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    await eventOf(sessionId, 'aurora_inspiration_uploaded');
  });
  it('refuses more than 10 MB', async () => {
    const metadata = { sizeBytes: 10 * 1024 * 1024 + 1 };
    const asked = { sessionId: freshSession(), metadata };
    const { status, body } = await ask(url, paths.inspiration, asked);
    expect([status, body.code]).toEqual([400, 'UPLOAD_TOO_LARGE']);
  });
});

describe('order-updates', () => {
  const contact = { channel: 'sms', value: '+1 555 123 7890' };
  it('subscribes with a masked destination and keeps only the hash of the contact', async () => {
    const sessionId = freshSession();
    const asked = { sessionId, contact, consent: true, orderNumber: 'GG-12001' };
    const { status, body } = await ask(url, paths.orderUpdates, asked);
    expect(status).toBe(200);
    expect(body.maskedDestination).toBe('+1 (***) ***-7890');
    const kept = await world.db.collection('widgetOrderSubscriptions').findOne({ sessionId });
    expect(kept?.subscriptionId).toBe(body.subscriptionId);
    expect(JSON.stringify(kept)).not.toContain('7890');
    await eventOf(sessionId, 'aurora_order_updates_subscribed');
  });
  it.each([
    [{ consent: false }, 400, 'validation.consent'],
    [{ consent: true, orderNumber: 'GG-00000' }, 404, 'subscription.order_not_found'],
  ])('refuses %o', async (asked, expectedStatus, code) => {
    const whole = { sessionId: freshSession(), contact, ...asked };
    const { status, body } = await ask(url, paths.orderUpdates, whole);
    expect([status, body.code]).toEqual([expectedStatus, code]);
  });
});
