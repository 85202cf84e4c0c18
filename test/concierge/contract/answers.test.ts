import { beforeAll, describe, expect, it } from 'vitest';
import { freshSession, paths, twoPieces } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';
import { type Held, readDescription } from './description.ts';

const world = useWorld();
let api: Held;
beforeAll(async () => {
  api = await readDescription((await world.start()).url);
});

const key = () => ({ 'x-idempotency-key': `idem-${freshSession()}` });
const contact = { email: 'guest@example.com', name: 'Guest', phone: '+44 20 7946 0958' };

/** The largest that each field may be: none of it is refused. */
const widest: readonly (readonly [keyof typeof paths, Record<string, unknown>, string[]])[] = [
  [
    'products',
    { priceMin: 0, priceMax: 0, limit: 25, cursor: 'QUJDREVGRw==', tags: ['x'.repeat(20)] },
    ['data', 'nextCursor'],
  ],
  [
    'orderStatus',
    { orderNumber: 'GG-12002' },
    ['orderNumber', 'currentStatus', 'timeline', 'shipping'],
  ],
  [
    'returns',
    {
      orderNumber: 'GG-20030',
      option: 'care',
      reason: 'x'.repeat(200),
      notes: 'x'.repeat(2_000),
      contact: { email: contact.email, phone: '1234567' },
      shippingAddress: { line1: 'Main Street 1', postalCode: '90001', secret: { $gt: '' } },
    },
    ['rmaId', 'status', 'labelUrl', 'expiresAt', 'idempotencyKeyEcho'],
  ],
  [
    'stylist',
    {
      contact: { ...contact, timezone: 'Europe/Berlin' },
      summary: 'x'.repeat(2_000),
      transcript: [{ role: 'guest', content: 'Hello', timestamp: '2026-01-01T00:00:00Z' }],
      shortlist: twoPieces,
      inspiration: [{ assetUrl: 'https://media.glowglitch.com/inspiration/ins_1', label: 'this' }],
      metadata: { source: 'widget' },
    },
    ['ticketId', 'status', 'etaMinutes', 'slaMinutes', 'queuePosition'],
  ],
  [
    'csat',
    {
      rating: 'great',
      intent: 'financing',
      comment: 'x'.repeat(2_000),
      orderNumber: 'AUR-100045',
      metadata: { page: 3 },
    },
    ['ok', 'rating', 'intent', 'storedAt', 'agentNotified'],
  ],
  [
    'shortlist',
    {
      items: [{ ...twoPieces[0], tags: Array(10).fill('x'.repeat(20)), unknown: { deep: true } }],
    },
    ['shortlistId', 'totalItems', 'updatedAt'],
  ],
  [
    'inspiration',
    { metadata: { type: 'image/png', caption: 'c', source: 's', sizeBytes: 10 * 1024 * 1024 } },
    [
      'ok',
      'url',
      'originalFileName',
      'contentType',
      'sizeBytes',
      'inspirationId',
      'moderationStatus',
    ],
  ],
  [
    'orderUpdates',
    { contact: { channel: 'sms', value: contact.phone }, consent: true, orderNumber: 'GG-12002' },
    ['subscriptionId', 'message', 'channel', 'maskedDestination', 'nextUpdateEta'],
  ],
];

describe('each row of the reference table', () => {
  it.each(
    widest,
  )('%s takes the widest it may be asked, and answers as described', async (name, body, fields) => {
    const asked = { sessionId: freshSession(), ...body };
    const answer = await api.ask(paths[name], asked, key());
    expect([answer.status, answer.body.code]).toEqual([200, undefined]);
    expect(Object.keys(answer.body)).toEqual(
      expect.arrayContaining([...fields, 'requestId', 'messages']),
    );
  });
  it('keeps what a stylist and the workshop need, and nothing that was not asked for', async () => {
    const ticket = await world.db
      .collection('stylistTickets')
      .findOne({ timezone: 'Europe/Berlin' });
    expect(ticket).toMatchObject({
      inspiration: [{ label: 'this' }],
      metadata: { source: 'widget' },
    });
    const opened = await world.db.collection('returns').findOne({ orderNumber: 'GG-20030' });
    expect(opened?.shippingAddress).toEqual({ line1: 'Main Street 1', postalCode: '90001' });
    const list = await world.db
      .collection('widgetShortlists')
      .findOne({ 'items.0.tags': { $size: 10 } });
    expect(JSON.stringify(list)).not.toContain('deep');
  });
  it('masks tracking numbers and destinations', async () => {
    const sessionId = freshSession();
    const order = await api.ask(paths.orderStatus, { sessionId, orderNumber: 'GG-12002' });
    const { trackingNumber } = order.body.shipping as { readonly trackingNumber: string };
    expect(trackingNumber).toMatch(/^..\*\*\*.{4}$/);
    const mail = { channel: 'email', value: contact.email };
    const news = await api.ask(paths.orderUpdates, { sessionId, contact: mail, consent: true });
    expect(news.body.maskedDestination).toBe('g***@example.com');
    const hours = (Date.parse(String(news.body.nextUpdateEta)) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
  });
  it('goes through the catalogue page by page without a gap', async () => {
    const sessionId = freshSession();
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const asked = { sessionId, limit: 7, ...(cursor ? { cursor } : {}) };
      const { body } = await api.ask(paths.products, asked);
      seen.push(...(body.data ?? []).map(({ productId }) => productId));
      cursor = body.nextCursor;
    } while (cursor && seen.length < 200);
    const { body } = await api.ask(paths.products, { sessionId: freshSession(), limit: 25 });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 25)).toEqual(body.data?.map(({ productId }) => productId));
  });
});
