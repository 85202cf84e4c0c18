import { beforeAll, describe, expect, it } from 'vitest';
import { type Held, readDescription } from '../contract/description.ts';
import { type Body, freshSession, twoPieces } from './ask.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let url = '';
let api: Held;
let away: Held;
beforeAll(async () => {
  url = (await world.start()).url;
  api = await readDescription(url);
  const broken = await world.start({
    plugins: [
      (_app, { store }) => {
        const fail = () => Promise.reject(new Error('connection to the primary was lost'));
        const names = ['products', 'addFeedback', 'saveShortlist', 'addTicket', 'subscribe'];
        for (const name of [...names, 'findOrder', 'claimKey']) {
          Object.assign(store, { [name]: fail });
        }
      },
    ],
  });
  away = await readDescription(broken.url);
});

const door = (name: string) => `/api/support/${name}`;
const open = () => ({ authorization: '', 'x-idempotency-key': `idem-${freshSession()}` });
const email = 'guest@example.com';

/** Good questions in the runbook's own words. */
const questions: readonly (readonly [name: string, asked: Record<string, unknown>])[] = [
  ['products', { category: 'ring', limit: 4 }],
  ['order-status', { orderId: 'GG-12001' }],
  ['order-status', { email: 'test@example.com', postalCode: '90001' }],
  ['returns', { orderId: 'GG-20015', option: 'care', reason: 'Needs a polish' }],
  ['shortlist', { items: twoPieces }],
  ['stylist', { email, notes: 'Pearls?', timePreference: 'mornings' }],
  ['stylist', { email }],
  ['csat', { rating: 5 }],
  ['order-updates', { email, consent: true, orderId: 'GG-12001' }],
  ['order-updates', { phone: '+1 555 123 7890', consent: true }],
  ['order-updates', { sms: '+1 555 123 7890', consent: true }],
];

describe('the runbook’s routes', () => {
  it.each(questions)('%s understands %o', async (name, asked) => {
    const sessionId = freshSession();
    const { status, types } = await api.ask(door(name), { sessionId, ...asked }, open());
    expect([status, types.length > 0]).toEqual([200, true]);
  });
  it('take a rating from 1 to 5 for one of the two that count', async () => {
    const wanted = ['needs_follow_up', 'needs_follow_up', 'needs_follow_up', 'great', 'great'];
    for (const [index, rating] of wanted.entries()) {
      const sessionId = freshSession();
      const asked = { sessionId, rating: index + 1, orderId: 'GG-12001' };
      const { body } = await api.ask(door('csat'), asked, open());
      expect([index + 1, body.rating]).toEqual([index + 1, rating]);
      const kept = await world.db.collection('csatFeedback').findOne({ sessionId });
      expect(kept).toMatchObject({ score: rating === 'great' ? 5 : 2, orderNumber: 'GG-12001' });
    }
  });
  it('make a ticket of fields side by side', async () => {
    const sessionId = freshSession();
    const asked = { sessionId, email, name: 'Guest', phone: '+1 555 123 7890', notes: 'Pearls?' };
    const { body } = await api.ask(door('stylist'), asked, open());
    const ticket = await world.db.collection('stylistTickets').findOne({ sessionId });
    expect(ticket).toMatchObject({ ticketId: body.ticketId, customerEmail: email });
    expect(ticket?.summary).toContain('Pearls?');
  });
  it('mask where news go to', async () => {
    const asked = { sessionId: freshSession(), sms: '+1 555 123 7890', consent: true };
    const { body } = await api.ask(door('order-updates'), asked, open());
    expect(body).toMatchObject({ channel: 'sms', maskedDestination: '+1 (***) ***-7890' });
  });
  it('find pieces with GET, for the session of the query or of the header', async () => {
    const get = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${url}${door('products')}?${query}`, { headers });
      const body = (await answer.json()) as Body;
      api.hold('GET', door('products'), { status: answer.status, headers: answer.headers, body });
      return { status: answer.status, body };
    };
    const wanted = 'category=ring&priceMin=700&priceMax=4000.50&readyToShip=true&limit=2';
    const byQuery = await get(`sessionId=${freshSession()}&${wanted}`);
    expect([byQuery.status, byQuery.body.data?.length]).toEqual([200, 2]);
    expect(byQuery.body.data?.every(({ readyToShip }) => readyToShip)).toBe(true);
    const byHeader = await get('limit=1', { 'x-session-id': freshSession() });
    expect([byHeader.status, byHeader.body.data?.length]).toEqual([200, 1]);
    for (const bad of [
      'limit=26',
      'limit=x',
      'limit=1&limit=2',
      'readyToShip=maybe',
      'metal=tin',
    ]) {
      const { status, body } = await get(`sessionId=${freshSession()}&${bad}`);
      expect([bad, status, body.code]).toEqual([bad, 400, 'INVALID_REQUEST']);
    }
    const nobody = await get('limit=1');
    expect([nobody.body.code, nobody.body.reason]).toEqual([
      'INVALID_REQUEST',
      'validation.session',
    ]);
  });
});

describe('their refusals', () => {
  it.each([
    ['products', { limit: 26 }, 'validation.range'],
    ['order-status', { orderId: '?' }, 'validation.lookup'],
    ['order-status', {}, 'validation.lookup'],
    ['returns', { orderId: 'GG-12001', option: 'refund' }, 'validation.option'],
    ['returns', { orderId: 'GG-12001', option: 'resize', newSize: 6.3 }, 'validation.newSize'],
    ['shortlist', { items: [] }, 'validation.items'],
    ['stylist', { notes: 'Pearls?' }, 'validation.email'],
    ['csat', { rating: 0 }, 'validation.rating'],
    ['csat', { rating: 6 }, 'validation.rating'],
    ['csat', { rating: 4.5 }, 'validation.rating'],
    ['order-updates', { email }, 'validation.consent'],
    ['order-updates', { email, sms: '+15551237890', consent: true }, 'validation.body'],
    ['order-updates', { orderId: 'GG-12001', consent: true }, 'validation.body'],
  ])('%s %o: INVALID_REQUEST, because of %s', async (name, asked, reason) => {
    const whole = { sessionId: freshSession(), ...asked };
    const { status, body } = await api.ask(door(name), whole, open());
    expect([status, body.code, body.reason]).toEqual([400, 'INVALID_REQUEST', reason]);
  });
  it.each([
    'products',
    'order-status',
    'returns',
    'shortlist',
    'stylist',
    'csat',
    'order-updates',
  ])('%s wants a session of six characters and usable JSON', async (name) => {
    const short = await api.ask(
      door(name),
      { sessionId: 'five5' },
      { ...open(), 'x-session-id': '' },
    );
    expect([short.status, short.body.code]).toEqual([400, 'INVALID_REQUEST']);
    const headers = { 'content-type': 'application/json' };
    const broken = await fetch(url + door(name), { method: 'POST', headers, body: '{' });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 'INVALID_REQUEST' }]);
  });
  it('keep what the API has a word of its own for', async () => {
    const sessionId = freshSession();
    const unknown = await api.ask(door('order-status'), { sessionId, orderId: 'GG-00000' }, open());
    expect([unknown.status, unknown.body.code]).toEqual([404, 'order.not_found']);
    const asked = { sessionId, orderId: 'GG-12001', option: 'return' };
    const early = await api.ask(door('returns'), asked, open());
    expect([early.status, early.body.code]).toEqual([404, 'returns.ineligible']);
    const keyless = await api.ask(door('returns'), asked, { authorization: '' });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'IDEMPOTENCY_REQUIRED']);
  });
});

describe('with the database away', () => {
  it.each([
    ['products', {}, 'PRODUCTS_FAILED', 'CATALOG_UNAVAILABLE'],
    ['order-status', { orderId: 'GG-12001' }, 'ORDER_STATUS_FAILED', 'server.error'],
    ['returns', { orderId: 'GG-12001', option: 'care' }, 'RETURNS_FAILED', 'server.error'],
    ['shortlist', { items: twoPieces }, 'SHORTLIST_FAILED', 'SHORTLIST_SAVE_FAILED'],
    ['stylist', { email }, 'STYLIST_FAILED', 'CRM_UNAVAILABLE'],
    ['csat', { rating: 5 }, 'CSAT_FAILED', 'CSAT_STORE_ERROR'],
    ['order-updates', { email, consent: true }, 'ORDER_UPDATES_FAILED', 'SUBSCRIPTION_FAILED'],
  ])('%s %o: 502 %s, because of %s', async (name, asked, code, reason) => {
    const whole = { sessionId: freshSession(), ...asked };
    const { status, body } = await away.ask(door(name), whole, open());
    expect([status, body.code, body.reason]).toEqual([502, code, reason]);
    expect(JSON.stringify(body)).not.toContain('primary');
  });
});
