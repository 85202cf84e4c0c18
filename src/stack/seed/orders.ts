import type { OrdersFile } from './data-files.ts';

/** A document of any collection. */
export type SeedDocument = Readonly<Record<string, unknown>>;

const day = 86_400_000;
const hour = 3_600_000;

/** The way of an order; each status comes some hours after the one before. */
const way = [
  'created',
  'payment_captured',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
];
const hoursBetween = 4;

interface OrderSeed {
  readonly orderNumber: string;
  readonly customerEmail: string;
  readonly status: string;
  readonly postalCode: string;
  readonly ageDays: number;
  readonly items: readonly SeedDocument[];
}

/** Every order of the file, as the concierge's database keeps it. `now` in milliseconds. */
export function orderDocuments(file: OrdersFile, now: number): SeedDocument[] {
  return [...file.named, ...seriesOf(file.series)].map((seed) => orderDocument(seed, now));
}

function seriesOf(series: OrdersFile['series']): OrderSeed[] {
  const pick = (list: readonly string[], n: number): string => list[n % list.length] ?? '';
  return Array.from({ length: series.count }, (_, n) => ({
    orderNumber: `${series.prefix}${series.first + n}`,
    customerEmail: `${series.emailPrefix}${n}@${series.emailDomain}`,
    status: pick(series.statuses, n),
    postalCode: series.postalCode,
    ageDays: series.youngestDays + (n % (series.spreadDays + 1)),
    items: [{ productId: pick(series.products, n), name: pick(series.products, n) }],
  }));
}

function orderDocument(seed: OrderSeed, now: number): SeedDocument {
  const { ageDays, postalCode, ...order } = seed;
  const createdAt = now - ageDays * day;
  const reached = way.slice(0, way.indexOf(seed.status) + 1);
  const statusHistory = reached.map((status, n) => ({
    status,
    timestamp: new Date(Math.min(now, createdAt + n * hoursBetween * hour)),
  }));
  const last = statusHistory.at(-1)?.timestamp ?? new Date(createdAt);
  const onItsWay = reached.includes('shipped');
  const shipping = {
    postalCode,
    ...(onItsWay
      ? {
          carrier: 'UPS',
          service: '2nd Day Air',
          trackingNumber: `1Z${seed.orderNumber.replace(/\D/g, '').padStart(9, '9')}`,
          trackingUrl: 'https://www.ups.com/track',
          estimatedDelivery: new Date(createdAt + 3 * day),
        }
      : {}),
    ...(seed.status === 'delivered' ? { deliveredAt: last } : {}),
  };
  return {
    ...order,
    totals: { amount: 1_480, currency: 'USD' },
    payment: { status: reached.includes('payment_captured') ? 'captured' : 'authorized' },
    shipping,
    statusHistory,
    createdAt: new Date(createdAt),
    updatedAt: last,
  };
}
