import type { LeftBehindFile, OrdersFile } from './data-files.ts';
import { hashOf } from './history.ts';
import type { SeedDocument } from './orders.ts';

const minute = 60_000;
const day = 86_400_000;
const slaMinutes = 45;
const openTickets = 2;

/** What the documents are made of. */
export interface Past {
  /** Oldest first. */
  readonly events: readonly SeedDocument[];
  readonly orders: OrdersFile['series'];
  readonly products: readonly SeedDocument[];
}

/**
 * What the sessions of the past left in the shop's collections, so that its dashboards show the same
 * numbers as its events: ratings, tickets, and of shortlists and capsules those that have not expired.
 */
export function leftBehindBy(
  { events, orders, products }: Past,
  file: LeftBehindFile,
  now: number,
): Readonly<Record<string, readonly SeedDocument[]>> {
  const of = (name: string) => events.filter(({ event }) => event === name);
  const email = (n: number) => `${turn(file.customers, n).toLowerCase()}${n}@${file.emailDomain}`;
  return {
    csatFeedback: of('aurora_csat_submitted').map((event, n) => rating(event, n, file, orders)),
    stylistTickets: of('aurora_stylist_ticket_created').map((event, n, all) =>
      ticket(event, { email: email(n), left: all.length - n, n }, file),
    ),
    widgetShortlists: of('aurora_product_shortlisted')
      .filter(({ timestamp }) => Number(timestamp) > now - 30 * day)
      .map((event) => shortlist(event, products)),
    capsuleHolds: of('aurora_capsule_reserved')
      .filter(({ expiresAt }) => Date.parse(String(expiresAt)) > now)
      .map((event, n) => capsule(event, n, email(n), products)),
    widgetOrderSubscriptions: subscriptions(file, orders, now),
  };
}

const turn = (list: readonly string[], n: number): string => list[n % list.length] ?? '';

function rating(
  { sessionId, rating, intent, timestamp }: SeedDocument,
  n: number,
  { comments }: LeftBehindFile,
  orders: OrdersFile['series'],
): SeedDocument {
  const unhappy = rating === 'needs_follow_up';
  const about = intent === 'track_order' && orders.count > 0;
  return {
    sessionId,
    rating,
    score: unhappy ? 2 : 5,
    ...(unhappy ? { comment: turn(comments, Math.floor(n / 10)) } : {}),
    intent,
    ...(about ? { orderNumber: `${orders.prefix}${orders.first + (n % orders.count)}` } : {}),
    timestamp,
  };
}

function ticket(
  { ticketId, sessionId, priority, timestamp }: SeedDocument,
  { email, left, n }: { readonly email: string; readonly left: number; readonly n: number },
  { customers, summaries, stylists }: LeftBehindFile,
): SeedDocument {
  const status =
    left <= openTickets ? 'open' : left === openTickets + 1 ? 'in_progress' : 'complete';
  const summary = turn(summaries, n);
  return {
    ticketId,
    sessionId,
    customerName: turn(customers, n),
    customerEmail: email,
    status,
    priority,
    summary,
    transcript: [{ role: 'guest', content: summary, timestamp: (timestamp as Date).toISOString() }],
    shortlist: [],
    assignedTo: status === 'open' ? null : turn(stylists, n),
    slaDeadline: new Date(Number(timestamp) + slaMinutes * minute),
    createdAt: timestamp,
  };
}

/** The picked piece, and its neighbour in the catalogue. */
function piecesOf(productId: unknown, products: readonly SeedDocument[]): SeedDocument[] {
  const at = Math.max(
    0,
    products.findIndex((product) => product.productId === productId),
  );
  return [at, (at + 1) % products.length].flatMap((index) => {
    const { productId, name, pricing } = products[index] ?? {};
    const { basePrice = 0, currency = 'USD' } = (pricing ?? {}) as {
      readonly basePrice?: number | null;
      readonly currency?: string;
    };
    return [{ productId, name, price: basePrice ?? 0, currency }];
  });
}

function shortlist(
  { sessionId, productId, timestamp }: SeedDocument,
  products: readonly SeedDocument[],
): SeedDocument {
  return {
    sessionId,
    shortlistId: `sl_${hashOf(String(sessionId)).slice(0, 24)}`,
    items: piecesOf(productId, products),
    createdAt: timestamp,
    updatedAt: timestamp,
    expiresAt: new Date(Number(timestamp) + 30 * day),
  };
}

function capsule(
  { capsuleId, sessionId, timestamp, expiresAt }: SeedDocument,
  n: number,
  customerEmail: string,
  products: readonly SeedDocument[],
): SeedDocument {
  const piece = products[n % products.length]?.productId;
  return {
    capsuleId,
    sessionId,
    customerEmail,
    status: 'active',
    shortlist: piecesOf(piece, products),
    orderNumber: null,
    reservedAt: timestamp,
    expiresAt: new Date(String(expiresAt)),
  };
}

function subscriptions(
  { subscribedEvery }: LeftBehindFile,
  orders: OrdersFile['series'],
  now: number,
): SeedDocument[] {
  const count = Math.floor(orders.count / subscribedEvery);
  return Array.from({ length: count }, (_, n) => {
    const at = new Date(now - (n + 1) * 90 * minute);
    return {
      subscriptionId: `sub_quarter_${n}`,
      sessionId: `sess_quarter_subscribed_${n}`,
      orderNumber: `${orders.prefix}${orders.first + n * subscribedEvery}`,
      channel: n % 3 === 0 ? 'sms' : 'email',
      contactHash: hashOf(`contact:${n}`),
      consentAt: at,
      subscribedAt: at,
    };
  });
}
