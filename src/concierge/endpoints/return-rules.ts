import type { OrderDocument } from '../storage/documents.ts';
import { deliveryOf } from './order-timeline.ts';

/** What a customer may ask for. */
export const returnOptions = ['resize', 'return', 'care'] as const;
export type ReturnOption = (typeof returnOptions)[number];

const day = 86_400_000;
/** A ring can be made this many sizes larger or smaller. */
const farthestResize = 2;
/** Days after delivery; care has no end. */
const windows: Readonly<Record<ReturnOption, number>> = {
  return: 30,
  resize: 60,
  care: Number.POSITIVE_INFINITY,
};

/** `late` has its own text: the customer may be helped in another way. */
export type Eligibility =
  | 'eligible'
  | 'active'
  | 'not-delivered'
  | 'made-for-you'
  | 'late'
  | 'size-too-far';

/**
 * Whether an order may be returned, resized or cared for now. `now` in milliseconds; `newSize` is
 * what a ring should become, where the customer said so.
 */
export function eligibility(
  order: OrderDocument,
  option: ReturnOption,
  now: number,
  newSize?: number,
): Eligibility {
  if (order.status === 'return_pending') return 'active';
  if (order.status !== 'delivered') return 'not-delivered';
  const madeForOne = (order.items ?? []).some((item) => item.custom || item.engraved);
  if (madeForOne && option !== 'care') return 'made-for-you';
  if (option === 'resize' && isTooFar(order, newSize)) return 'size-too-far';
  const delivered = deliveryOf(order)?.getTime() ?? now;
  return now - delivered > windows[option] * day ? 'late' : 'eligible';
}

/** Whether no piece of known size can be brought to the wanted one. */
function isTooFar({ items = [] }: OrderDocument, newSize: number | undefined): boolean {
  if (newSize === undefined) return false;
  const sizes = items.flatMap(({ size }) => (size === undefined ? [] : [size]));
  return sizes.length > 0 && sizes.every((size) => Math.abs(newSize - size) > farthestResize);
}
