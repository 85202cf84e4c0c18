import { dateOf, shippingOf, timelineOf } from '../../endpoints/order-timeline.ts';
import type { ListedOrder } from '../../storage/dashboard-queries.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { facts } from '../table.ts';
import { emailFor, postalCodeFor, type Viewer } from '../viewer.ts';
import { moment, money } from '../words.ts';
import { newsPill, ratingPill, statusPill } from './orders.ts';

/** One order: its way so far, its parcel and its pieces. */
export function orderPage(viewer: Viewer, order: ListedOrder): Page {
  return {
    title: `Order ${order.orderNumber}`,
    refreshSeconds: 60,
    body: html`<p class="back"><a href="/dashboard/orders">All orders</a></p>
<div class="grid">
<section class="card full"><h2>At a glance</h2>${glance(viewer, order)}</section>
<section class="card"><h2>Its way so far</h2>${way(viewer, order)}</section>
<section class="card"><h2>Parcel</h2>${parcel(viewer, order)}</section>
<section class="card"><h2>Pieces</h2>${pieces(order)}</section>
</div>`,
  };
}

function glance({ rights, now }: Viewer, order: ListedOrder): Html {
  const { totals, returnInfo } = order;
  return facts([
    ['Status', statusPill(order.status)],
    ['Customer', emailFor(rights, order.customerEmail)],
    ['Placed', moment(order.createdAt, now)],
    ['Total', rights.totals ? money(totals?.amount, totals?.currency) : null],
    ['Rating', ratingPill(order)],
    ['News by', newsPill(order)],
    ['Return', returnInfo === undefined ? null : `${returnInfo.rmaId}, ${returnInfo.option}`],
  ]);
}

function way({ now }: Viewer, order: ListedOrder): Html {
  return html`<ol class="way">${timelineOf(order).map(
    ({
      label,
      timestamp,
      isCurrent,
    }) => html`<li><span>${label}${isCurrent === true && html` <span class="quiet">(now)</span>`}</span>
${moment(timestamp, now)}</li>`,
  )}</ol>`;
}

function parcel({ rights, now }: Viewer, order: ListedOrder): Html {
  const shipping = shippingOf(order);
  if (shipping === undefined) return html`<p class="quiet">Nothing has been sent yet.</p>`;
  const { deliveredAt, estimatedDelivery, carrier, service, trackingNumber } = shipping;
  const postalCode = order.shipping?.postalCode;
  return facts([
    ['Carrier', [carrier, service].filter((one) => one !== null).join(', ')],
    ['Tracking number', trackingNumber],
    ['Postal code', postalCode === undefined ? null : postalCodeFor(rights, postalCode)],
    dateOf(deliveredAt) === undefined
      ? ['Expected', moment(estimatedDelivery, now)]
      : ['Delivered', moment(deliveredAt, now)],
  ]);
}

function pieces({ items = [] }: ListedOrder): Html {
  if (items.length === 0) return html`<p class="quiet">The shop names no pieces.</p>`;
  return html`<ul class="way">${items.map(({ name, productId, custom, engraved }) => {
    const kinds = [custom === true && 'made to order', engraved === true && 'engraved'];
    return html`<li><span>${name ?? productId}</span><span class="quiet">${kinds.filter(Boolean).join(', ')}</span></li>`;
  })}</ul>`;
}
