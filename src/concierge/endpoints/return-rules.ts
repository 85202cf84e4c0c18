import type { OrderDocument } from '../storage/documents.ts';
import { deliveryOf } from './order-timeline.ts';

/** What a customer may ask for. */
export const returnOptions = ['resize', 'return', 'care'] as const;
export type ReturnOption = (typeof returnOptions)[number];

const day = 86_400_000;
/** Days after delivery; care has no end. */
const windows: Readonly<Record<ReturnOption, number>> = {
  return: 30,
  resize: 60,
  care: Number.POSITIVE_INFINITY,
};

/** `late` has its own text: the customer may be helped in another way. */
export type Eligibility = 'eligible' | 'active' | 'not-delivered' | 'made-for-you' | 'late';

/** Whether an order may be returned, resized or cared for now. `now` in milliseconds. */
export function eligibility(order: OrderDocument, option: ReturnOption, now: number): Eligibility {
  if (order.status === 'return_pending') return 'active';
  if (order.status !== 'delivered') return 'not-delivered';
  const madeForOne = (order.items ?? []).some((item) => item.custom || item.engraved);
  if (madeForOne && option !== 'care') return 'made-for-you';
  const delivered = deliveryOf(order)?.getTime() ?? now;
  return now - delivered > windows[option] * day ? 'late' : 'eligible';
}
