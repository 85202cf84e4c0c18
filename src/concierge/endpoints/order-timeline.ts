import { maskTracking } from '../masks.ts';
import type { TimelineStep } from '../messages.ts';
import type { OrderDocument } from '../storage/documents.ts';

/** The statuses that customers see, in the order in which they come. */
const labels: Readonly<Record<string, string>> = {
  created: 'Order placed',
  payment_captured: 'Payment received',
  processing: 'In the workshop',
  shipped: 'On its way',
  out_for_delivery: 'Out for delivery',
  delivered: 'Delivered',
  exception: 'Needs attention',
  cancelled: 'Cancelled',
};

const usualWay = [
  'created',
  'payment_captured',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
];

/** An order's status in the customers' words: a return that was opened leaves it delivered. */
export function outwardStatus(stored: string): string {
  if (stored === 'delayed') return 'exception';
  if (stored.startsWith('return_')) return 'delivered';
  return stored in labels ? stored : 'processing';
}

/** ISO 8601 of what may be a date, or null. */
function isoOf(value: unknown): string | null {
  const date = dateOf(value);
  return date === undefined ? null : date.toISOString();
}

/** A date out of what a foreign writer may have stored as one. */
export function dateOf(value: unknown): Date | undefined {
  if (!(value instanceof Date) && typeof value !== 'string' && typeof value !== 'number') {
    return undefined;
  }
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The steps that an order went through; the last is current. Without a history: the usual way. */
export function timelineOf(order: OrderDocument): TimelineStep[] {
  const current = outwardStatus(order.status);
  const recorded = (order.statusHistory ?? []).filter(
    (entry) => !entry.status.startsWith('return_'),
  );
  const steps: { status: string; timestamp: unknown }[] =
    recorded.length > 0
      ? recorded.map(({ status, timestamp }) => ({ status: outwardStatus(status), timestamp }))
      : usualWay
          .slice(0, Math.max(0, usualWay.indexOf(current)) + 1)
          .map((status) => ({ status, timestamp: undefined }));
  const last = steps.at(-1);
  if (last?.status !== current) steps.push({ status: current, timestamp: undefined });
  return steps.map(({ status, timestamp }, index) => ({
    label: labels[status] ?? status,
    status,
    timestamp: isoOf(timestamp),
    isCurrent: index === steps.length - 1,
  }));
}

/** What a customer may see of the shipping; undefined when there is nothing yet. */
export function shippingOf(order: OrderDocument): Record<string, string | null> | undefined {
  const { shipping } = order;
  if (shipping?.carrier === undefined && shipping?.trackingNumber === undefined) return undefined;
  return {
    carrier: shipping.carrier ?? null,
    service: shipping.service ?? null,
    trackingNumber:
      shipping.trackingNumber === undefined ? null : maskTracking(shipping.trackingNumber),
    trackingUrl: shipping.trackingUrl ?? null,
    estimatedDelivery: isoOf(shipping.estimatedDelivery),
    deliveredAt: isoOf(deliveryOf(order)),
  };
}

/** When an order was delivered; undefined when it was not, or when nobody wrote it down. */
export function deliveryOf(order: OrderDocument): Date | undefined {
  const noted = dateOf(order.shipping?.deliveredAt);
  if (noted !== undefined) return noted;
  const entry = order.statusHistory?.findLast(({ status }) => status === 'delivered');
  return dateOf(entry?.timestamp);
}
