import { outwardStatus } from '../../endpoints/order-timeline.ts';
import type { Listed, ListedOrder } from '../../storage/dashboard-queries.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { filter, nothing, pager, pill, table } from '../table.ts';
import { emailFor, type Viewer } from '../viewer.ts';
import { moment, money, plain } from '../words.ts';

/** The statuses that orders are filtered by, as the shop stores them. */
export const orderStatuses = [
  'created',
  'payment_captured',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
  'exception',
  'return_pending',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** The list of orders, newest first. */
export function ordersPage(
  viewer: Viewer,
  orders: Listed<ListedOrder>,
  status: OrderStatus | undefined,
): Page {
  const address = (value?: string) => `/dashboard/orders${value ? `?status=${value}` : ''}`;
  const options = [
    { title: 'All', href: address(), chosen: status === undefined },
    ...orderStatuses.map((one) => ({
      title: plain(one),
      href: address(one),
      chosen: one === status,
    })),
  ];
  return {
    title: 'Orders',
    lede: 'Newest first, with what their customers told the concierge. Times are in UTC.',
    refreshSeconds: 60,
    body: html`${filter('Status', options)}
${
  orders.items.length === 0
    ? nothing('No orders here', 'No order has this status. Choose another one above.')
    : html`${listed(viewer, orders.items)}${pager(viewer.address, orders.items.length, orders.next)}`
}`,
  };
}

function listed({ rights, now }: Viewer, orders: readonly ListedOrder[]): Html {
  return table<ListedOrder>(
    'Orders',
    [
      {
        title: 'Order',
        kind: 'lead',
        cell: ({ orderNumber }) =>
          html`<a href="/dashboard/orders/${encodeURIComponent(orderNumber)}">${orderNumber}</a>`,
      },
      { title: 'Status', cell: ({ status }) => statusPill(status) },
      { title: 'Customer', cell: ({ customerEmail }) => emailFor(rights, customerEmail) },
      { title: 'Placed', cell: ({ createdAt }) => moment(createdAt, now) },
      ...(rights.totals
        ? [
            {
              title: 'Total',
              kind: 'number' as const,
              cell: ({ totals }: ListedOrder) => money(totals?.amount, totals?.currency),
            },
          ]
        : []),
      { title: 'Rating', cell: ratingPill },
      { title: 'News by', cell: newsPill },
    ],
    orders,
    ({ status }) => (outwardStatus(status) === 'exception' ? 'urgent' : null),
  );
}

/** An order's status as it is stored; a return is told apart from a delivery here. */
export function statusPill(status: string): Html {
  if (outwardStatus(status) === 'exception') return pill(plain(status), 'bad');
  if (status === 'delivered') return pill(plain(status), 'good');
  return pill(plain(status), status.startsWith('return_') ? 'warn' : 'plain');
}

/** How an order's customer rated. */
export function ratingPill({ rating }: ListedOrder): Html {
  if (rating === null) return html`<span class="none">–</span>`;
  return rating === 'great' ? pill('Great', 'good') : pill('Needs follow-up', 'bad');
}

/** Over which way an order's customer gets news. */
export function newsPill({ subscribed }: ListedOrder): Html {
  if (subscribed === null) return html`<span class="none">–</span>`;
  return pill(subscribed === 'sms' ? 'SMS' : 'E-mail');
}
