import type { Db } from 'mongodb';
import type { Role } from '../../../src/concierge/dashboard/role.ts';

/** One token for each role, as AURORA_DASHBOARD_TOKENS has them. */
export const tokens: Readonly<Record<Role, string>> = {
  admin: 'token-of-an-administrator',
  support_lead: 'token-of-a-support-lead',
  concierge_agent: 'token-of-an-agent-xx',
  viewer: 'token-of-a-viewer-xx',
};

export const dashboardVariables = {
  AURORA_DASHBOARD_TOKENS: JSON.stringify(
    Object.fromEntries(Object.entries(tokens).map(([role, token]) => [token, role])),
  ),
};

const minute = 60_000;
const hour = 60 * minute;

const pieces = [
  { productId: 'prod_aurora_ring', name: 'Solaris Aura Ring', price: 3850, currency: 'USD' },
  { productId: 'prod_constellation', name: 'Constellation Necklace', price: 1480, currency: 'USD' },
];

const people = ['Mara Lindqvist', 'Jonas Okafor', 'Priya Raman', 'Theo Marchetti', 'Ines Duarte'];
const wishes = [
  'Would like the Solaris ring in rose gold, size 54, before the second of December.',
  'The clasp of the Constellation necklace opens by itself. Can it be repaired?',
  'Looks for earrings to match a platinum band; budget about 1,200.',
  'Ordered an engraving and would like to change one letter.',
  'Asks whether the bangle can be made a little wider.',
];

/** A ticket of the n-th customer, who has waited for so long. */
export function ticket(n: number, now: number, waitedMs = (n + 1) * 4 * minute) {
  const createdAt = new Date(now - waitedMs);
  return {
    ticketId: `sty_${String(n).padStart(12, '0')}`,
    sessionId: `sess_desk_${n}`,
    customerName: people[n % people.length] ?? '',
    customerEmail: `customer${n}@example.com`,
    customerPhone: '+1 (555) 010-7890',
    status: 'open',
    priority: n % 7 === 0 ? 'high' : 'normal',
    summary: wishes[n % wishes.length] ?? '',
    transcript: [
      {
        role: 'guest',
        content: 'Hello, can somebody help me?',
        timestamp: createdAt.toISOString(),
      },
      { role: 'concierge', content: 'Of course. A stylist will read this.' },
    ],
    shortlist: pieces,
    assignedTo: null,
    slaDeadline: new Date(createdAt.getTime() + 45 * minute),
    createdAt,
  };
}

/** A capsule that ends in so long. */
export function capsule(n: number, now: number, leftMs: number) {
  const expiresAt = new Date(now + leftMs);
  return {
    capsuleId: `cap_${String(n).padStart(12, '0')}`,
    sessionId: `sess_desk_${n}`,
    customerEmail: `customer${n}@example.com`,
    status: 'active',
    reservedAt: new Date(expiresAt.getTime() - 48 * hour),
    expiresAt,
    shortlist: pieces,
    orderNumber: null,
  };
}

/** A rating of the n-th customer. */
export function feedback(n: number, now: number, score: number) {
  return {
    sessionId: `sess_rated_${n}`,
    rating: score < 3 ? 'needs_follow_up' : 'great',
    score,
    comment: score < 3 ? 'The parcel was late and nobody told me.' : 'Lovely.',
    intent: 'track_order',
    orderNumber: `GG-${20_000 + n}`,
    timestamp: new Date(now - n * 40 * minute),
  };
}

/** What one session did at a moment. */
export function visit(n: number, at: number, environment = 'staging') {
  const who = { sessionId: `sess_visit_${n}`, requestId: `req_visit_${n}`, environment };
  const event = (name: string, after: number, fields: object = {}) => ({
    event: `aurora_${name}`,
    timestamp: new Date(at + after * 1_000),
    ...who,
    ...fields,
  });
  const find = { intent: 'find_product' };
  const product = { productId: pieces[n % 3 === 0 ? 0 : 1]?.productId };
  return [
    event('widget_open', 0, { source: 'launcher' }),
    ...(n % 4 === 0
      ? [event('order_tracked', 5, { intent: 'track_order' })]
      : [event('products_shown', 5, find)]),
    ...(n % 4 > 1 ? [event('product_shortlisted', 20, product)] : []),
    ...(n % 4 === 3 ? [event('capsule_reserved', 40, {})] : []),
  ];
}

/** Fills the desk: tickets, capsules, ratings and thirty days of visits. */
export async function fillDesk(widget: Db, events: Db, now = Date.now()): Promise<void> {
  const times = <T>(count: number, make: (n: number) => T) =>
    Array.from({ length: count }, (_, n) => make(n));
  const day = 24 * hour;
  // The seed's own are taken away: the tests count.
  const seeded = ['stylistTickets', 'capsuleHolds', 'csatFeedback', 'widgetOrderSubscriptions'];
  for (const name of seeded) await widget.collection(name).deleteMany({});
  await widget.collection('stylistTickets').insertMany(times(60, (n) => ticket(n, now)));
  await widget
    .collection('capsuleHolds')
    .insertMany(times(9, (n) => capsule(n, now, Math.min(n * n + 0.6, 47.5) * hour)));
  await widget
    .collection('csatFeedback')
    .insertMany(times(40, (n) => feedback(n, now, [5, 5, 2, 4, 5, 1, 5, 3][n % 8] ?? 5)));
  await widget.collection('widgetOrderSubscriptions').insertMany(
    times(6, (n) => ({
      subscriptionId: `sub_${n}`,
      sessionId: `sess_desk_${n}`,
      orderNumber: `GG-${20_000 + n * 5}`,
      channel: n % 2 === 0 ? 'email' : 'sms',
      contactHash: 'f'.repeat(64),
    })),
  );
  const visits = times(900, (n) => {
    const ago = (n % 30) * day + (n % 7) * hour * ((n % 30) / 10);
    return visit(n, now - ago - minute);
  });
  await events.collection('events').insertMany(visits.flat());
}
