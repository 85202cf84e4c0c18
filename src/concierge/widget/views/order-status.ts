import { dayOf, type Fields, fieldsOf, linkOf, listOf, momentOf, textOf } from '../data.ts';
import type { Desk } from '../desk.ts';
import { button, h } from '../dom.ts';
import { outward } from './product-cards.ts';

/** An `order_status`. Without a timeline (while it is off) it says so and offers nothing of it. */
export function orderStatus(payload: Fields, desk: Desk): HTMLElement | undefined {
  const orderNumber = textOf(payload.orderNumber);
  if (orderNumber === undefined) return undefined;
  const steps = listOf(payload.timeline).map(fieldsOf);
  const hint = textOf(payload.escalationHint);
  return h(
    'section',
    { class: 'card order', 'aria-label': `Order ${orderNumber}` },
    h('p', { class: 'eyebrow' }, 'Order'),
    h('h3', {}, orderNumber),
    steps.length > 0 && h('ol', { class: 'timeline' }, ...steps.map(stepView)),
    ...shippingLines(fieldsOf(payload.shipping)),
    hint !== undefined && h('p', { class: 'notice' }, hint),
    steps.length > 0 && !arrived(steps) && follow(orderNumber, desk),
  );
}

function stepView(step: Fields): HTMLElement {
  const when = momentOf(step.timestamp);
  const current = step.isCurrent === true;
  return h(
    'li',
    { class: `step ${current ? 'current' : ''}`, 'aria-current': current ? 'step' : undefined },
    h('span', { class: 'label' }, textOf(step.label)),
    when !== undefined && h('span', { class: 'quiet' }, when),
  );
}

function arrived(steps: readonly Fields[]): boolean {
  const status = steps.find((step) => step.isCurrent === true)?.status;
  return status === 'delivered' || status === 'cancelled';
}

function shippingLines(shipping: Fields): HTMLElement[] {
  const by = [shipping.carrier, shipping.service].flatMap((one) => textOf(one) ?? []).join(', ');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Carrier', textOf(by)],
    ['Tracking', textOf(shipping.trackingNumber)],
    ['Expected', dayOf(shipping.estimatedDelivery)],
    ['Delivered', dayOf(shipping.deliveredAt)],
  ];
  const rows = facts.flatMap(([term, fact]) =>
    fact === undefined ? [] : [h('dt', {}, term), h('dd', {}, fact)],
  );
  const address = linkOf(shipping.trackingUrl);
  return [
    ...(rows.length === 0 ? [] : [h('dl', { class: 'facts' }, ...rows)]),
    ...(address === undefined ? [] : [outward(address, 'Follow the parcel')]),
  ];
}

function follow(orderNumber: string, desk: Desk): HTMLElement {
  return button('secondary', 'Tell me when it moves', () =>
    desk.begin('order_updates_subscribe', 'order_status', { orderNumber }),
  );
}
