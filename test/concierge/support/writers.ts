import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { type Answer, ask, freshSession, paths, twoPieces } from './ask.ts';

/** What can be written, and under which name it is found again: collection and field. */
const places = {
  shortlist: ['widgetShortlists', 'shortlistId'],
  capsule: ['capsuleHolds', 'capsuleId'],
  return: ['returns', 'rmaId'],
  ticket: ['stylistTickets', 'ticketId'],
  csat: ['csatFeedback', 'sessionId'],
  subscription: ['widgetOrderSubscriptions', 'subscriptionId'],
} as const;

export type Kind = keyof typeof places;

/** What a customer was told is done. */
export interface Acknowledged {
  readonly kind: Kind;
  readonly id: string;
}

const contact = { email: 'guest@example.com' };
const idempotencyKey = () => ({ 'x-idempotency-key': `idem-${randomUUID()}` });

/** Orders that can be returned, each once. */
export async function addOrders(db: Db, count: number): Promise<readonly string[]> {
  const deliveredAt = new Date(Date.now() - 86_400_000);
  const numbers = Array.from({ length: count }, (_, n) => `GG-7${String(n).padStart(5, '0')}`);
  await db.collection('orders').insertMany(
    numbers.map((orderNumber) => ({
      orderNumber,
      customerEmail: contact.email,
      status: 'delivered',
      items: [{ productId: 'prod_aurora_ring', name: 'Solaris Aura Ring' }],
      shipping: { carrier: 'UPS', trackingNumber: '1Z9995678', postalCode: '90001', deliveredAt },
      createdAt: deliveredAt,
    })),
  );
  return numbers;
}

/**
 * One customer's writes, one of each kind; `told` hears of each that was acknowledged. Rejects when the
 * server breaks off, and with what it said when it answers anything but 200.
 */
export async function writeAll(
  url: string,
  orderNumber: string,
  told: (one: Acknowledged) => void,
): Promise<void> {
  const sessionId = freshSession();
  const say = async (kind: Kind, answer: Promise<Answer>, field: string) => {
    const { status, body } = await answer;
    if (status !== 200) throw new Error(`${kind}: ${status} ${JSON.stringify(body)}`);
    const id = kind === 'csat' ? sessionId : String(body[field]);
    told({ kind, id });
    return id;
  };
  const items = { sessionId, items: twoPieces };
  const shortlistId = await say('shortlist', ask(url, paths.shortlist, items), 'shortlistId');
  const hold = { sessionId, shortlistId, customerEmail: contact.email };
  const back = { sessionId, orderNumber, option: 'return', contact };
  const summary = 'Which metal goes with rose gold?';
  const news = { channel: 'email', value: contact.email };
  const wish = { sessionId, contact: news, consent: true, orderNumber };
  await Promise.all([
    say('capsule', ask(url, paths.capsule, hold, idempotencyKey()), 'capsuleId'),
    say('return', ask(url, paths.returns, back, idempotencyKey()), 'rmaId'),
    say('ticket', ask(url, paths.stylist, { sessionId, contact, summary }), 'ticketId'),
    say('csat', ask(url, paths.csat, { sessionId, rating: 'great' }), ''),
    say('subscription', ask(url, paths.orderUpdates, wish), 'subscriptionId'),
  ]);
}

/** Those of them that the database does not hold. */
export async function missingFrom(
  db: Db,
  acknowledged: readonly Acknowledged[],
): Promise<Acknowledged[]> {
  const missing: Acknowledged[] = [];
  for (const [kind, [collection, field]] of Object.entries(places)) {
    const own = acknowledged.filter((one) => one.kind === kind);
    const ids = own.map(({ id }) => id);
    const found = await db
      .collection(collection)
      .find({ [field]: { $in: ids } })
      .toArray();
    const there = new Set(found.map((document) => document[field]));
    missing.push(...own.filter(({ id }) => !there.has(id)));
  }
  return missing;
}
