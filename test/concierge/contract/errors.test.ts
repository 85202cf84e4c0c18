import { beforeAll, describe, expect, it } from 'vitest';
import { freshSession, paths, twoPieces } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';
import { type Held, readDescription } from './description.ts';

const world = useWorld();
let api: Held;
let away: Held;
beforeAll(async () => {
  api = await readDescription((await world.start()).url);
  const broken = await world.start({
    plugins: [
      (_app, { store }) => {
        const fail = () => Promise.reject(new Error('connection to /data/db was lost'));
        const names = ['products', 'addFeedback', 'saveShortlist', 'addTicket', 'subscribe'];
        for (const name of [...names, 'findOrder', 'addInspiration', 'claimKey']) {
          Object.assign(store, { [name]: fail });
        }
      },
    ],
  });
  away = await readDescription(broken.url);
});

type Case = readonly [
  path: keyof typeof paths,
  body: Record<string, unknown>,
  status: number,
  code: string,
];

const key = () => ({ 'x-idempotency-key': `idem-${freshSession()}` });
const contact = { email: 'guest@example.com' };
const sms = { channel: 'sms', value: '+1 555 123 7890' };
const summary = 'Pearls, if you have any.';
const long = (length: number) => 'x'.repeat(length);
const order = { orderNumber: 'GG-12001' };
const card = twoPieces[0];
const capsule = { shortlistId: 'sl_unknown', customerEmail: contact.email };

/** Every limit of the reference table, from beyond it, and every refusal that the table lists. */
const refused: readonly Case[] = [
  ['products', { category: 'tiara' }, 400, 'validation.range'],
  ['products', { priceMin: -1 }, 400, 'validation.range'],
  ['products', { priceMax: -1 }, 400, 'validation.range'],
  ['products', { priceMin: 2, priceMax: 1 }, 400, 'validation.range'],
  ['products', { readyToShip: 'yes' }, 400, 'validation.range'],
  ['products', { metal: 'tin' }, 400, 'validation.range'],
  ['products', { tags: 'pearl' }, 400, 'validation.range'],
  ['products', { tags: [long(21)] }, 400, 'validation.range'],
  ['products', { limit: 0 }, 400, 'validation.range'],
  ['products', { limit: 26 }, 400, 'validation.range'],
  ['products', { limit: 2.5 }, 400, 'validation.range'],
  ['products', { cursor: 'short' }, 400, 'validation.range'],
  ['products', { cursor: 'not base64 at all!' }, 400, 'validation.range'],
  ['orderStatus', {}, 400, 'validation.lookup'],
  ['orderStatus', { ...order, ...contact, postalCode: '90001' }, 400, 'validation.lookup'],
  ['orderStatus', { ...order, ...contact }, 400, 'validation.lookup'],
  ['orderStatus', contact, 400, 'validation.lookup'],
  ['orderStatus', { postalCode: '90001' }, 400, 'validation.lookup'],
  ['orderStatus', { ...contact, postalCode: '90' }, 400, 'validation.lookup'],
  ['orderStatus', { ...contact, postalCode: long(17) }, 400, 'validation.lookup'],
  ['orderStatus', { orderNumber: { $gt: '' } }, 400, 'validation.lookup'],
  ['orderStatus', { orderNumber: 'GG-00000' }, 404, 'order.not_found'],
  ['orderStatus', { email: 'nobody@example.com', postalCode: '90001' }, 404, 'order.not_found'],
  ['returns', { option: 'return' }, 400, 'validation.orderNumber'],
  ['returns', { ...order, option: 'refund' }, 400, 'validation.option'],
  [
    'returns',
    { ...order, option: 'care', contact: { email: 'none' } },
    400,
    'validation.contact_email',
  ],
  ['returns', { ...order, option: 'care', contact: { phone: '12345' } }, 400, 'validation.contact'],
  [
    'returns',
    { ...order, option: 'care', contact: { phone: `+${long(32)}` } },
    400,
    'validation.contact',
  ],
  ['returns', { ...order, option: 'care', notes: long(2_001) }, 400, 'validation.notes'],
  ['returns', { orderNumber: 'GG-00000', option: 'return' }, 404, 'returns.ineligible'],
  ['returns', { ...order, option: 'return' }, 404, 'returns.ineligible'],
  ['capsule', { customerEmail: contact.email }, 400, 'validation.shortlist'],
  ['capsule', { ...capsule, customerEmail: 'none' }, 400, 'validation.contact_email'],
  ['capsule', capsule, 400, 'validation.shortlist'],
  ['stylist', { contact, summary: 'too short' }, 400, 'validation.summary'],
  ['stylist', { contact, summary: long(2_001) }, 400, 'validation.summary'],
  ['stylist', { contact: {}, summary }, 400, 'validation.contact_email'],
  ['stylist', { summary }, 400, 'validation.contact'],
  [
    'stylist',
    { contact, summary, transcript: [{ role: 'robot', content: 'x' }] },
    400,
    'validation.transcript',
  ],
  [
    'stylist',
    { contact, summary, inspiration: [{ assetUrl: 'nowhere' }] },
    400,
    'validation.inspiration',
  ],
  ['csat', {}, 400, 'validation.rating'],
  ['csat', { rating: 'good' }, 400, 'validation.rating'],
  ['csat', { rating: 'great', comment: long(2_001) }, 400, 'validation.comment'],
  ['csat', { rating: 'great', intent: 'a whole sentence' }, 400, 'validation.intent'],
  ['csat', { rating: 'great', metadata: { deep: { er: 1 } } }, 400, 'validation.metadata'],
  ['shortlist', {}, 400, 'validation.items'],
  ['shortlist', { items: [] }, 400, 'validation.items'],
  ['shortlist', { items: [{ ...card, price: -1 }] }, 400, 'validation.items'],
  ['shortlist', { items: [{ ...card, name: undefined }] }, 400, 'validation.items'],
  ['shortlist', { items: [{ ...card, tags: Array(11).fill('a') }] }, 400, 'validation.items'],
  ['inspiration', { metadata: { sizeBytes: 10_485_761 } }, 400, 'UPLOAD_TOO_LARGE'],
  ['inspiration', { metadata: { type: 'text/html' } }, 400, 'validation.content_type'],
  ['orderUpdates', { contact: sms }, 400, 'validation.consent'],
  ['orderUpdates', { contact: sms, consent: false }, 400, 'validation.consent'],
  [
    'orderUpdates',
    { contact: { ...sms, channel: 'fax' }, consent: true },
    400,
    'validation.contact',
  ],
  [
    'orderUpdates',
    { contact: { ...sms, value: 'not a number' }, consent: true },
    400,
    'validation.contact',
  ],
  [
    'orderUpdates',
    { contact: sms, consent: true, orderNumber: 'GG-00000' },
    404,
    'subscription.order_not_found',
  ],
];

/** What each endpoint answers while the database is away. */
const failing: readonly Case[] = [
  ['products', {}, 503, 'CATALOG_UNAVAILABLE'],
  ['orderStatus', order, 500, 'server.error'],
  ['returns', { ...order, option: 'care' }, 500, 'server.error'],
  ['capsule', capsule, 500, 'server.error'],
  ['stylist', { contact, summary }, 503, 'CRM_UNAVAILABLE'],
  ['csat', { rating: 'great' }, 500, 'CSAT_STORE_ERROR'],
  ['shortlist', { items: twoPieces }, 500, 'SHORTLIST_SAVE_FAILED'],
  ['inspiration', {}, 500, 'server.error'],
  ['orderUpdates', { contact: sms, consent: true }, 500, 'SUBSCRIPTION_FAILED'],
];

describe('each refusal of the reference table, as described', () => {
  it.each(refused)('%s %o: %d %s', async (name, body, status, code) => {
    const asked = { sessionId: freshSession(), ...body };
    const answer = await api.ask(paths[name], asked, key());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
  it.each(Object.entries(paths))('%s wants a session of six characters', async (_name, path) => {
    for (const sessionId of [undefined, 'five5', 'x'.repeat(129), 'sess with space', 7]) {
      const { status, body } = await api.ask(path, { sessionId }, { ...key(), 'x-session-id': '' });
      expect([sessionId, status, body.code]).toEqual([sessionId, 400, 'validation.session']);
    }
  });
  it.each(['returns', 'capsule'] as const)('%s without a key for repetitions', async (name) => {
    const body = { sessionId: freshSession(), ...order, option: 'care', ...capsule };
    const { status, body: said } = await api.ask(paths[name], body);
    expect([status, said.code]).toEqual([400, 'IDEMPOTENCY_REQUIRED']);
  });
  it('a return that is open, whatever the key', async () => {
    const asked = { orderNumber: 'GG-20010', option: 'care' };
    const first = await api.ask(paths.returns, { sessionId: freshSession(), ...asked }, key());
    expect(first.status).toBe(200);
    const again = await api.ask(paths.returns, { sessionId: freshSession(), ...asked }, key());
    expect([again.status, again.body.code]).toEqual([409, 'returns.duplicate']);
  });
});

describe('each failure, as described', () => {
  it.each(failing)('%s %o: %d %s', async (name, body, status, code) => {
    const asked = { sessionId: freshSession(), ...body };
    const answer = await away.ask(paths[name], asked, key());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/data\/db|Error|\bat /);
  });
});
