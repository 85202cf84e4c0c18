/** The API's doors for the widget: the nine endpoints without a key, and the one for free text. */
export const paths = {
  products: '/api/support/products',
  orderStatus: '/api/support/order-status',
  returns: '/api/support/returns',
  capsule: '/api/support/capsule',
  stylist: '/api/support/stylist',
  csat: '/api/support/csat',
  shortlist: '/api/support/shortlist',
  inspiration: '/api/support/inspiration',
  orderUpdates: '/api/support/order-updates',
  messages: '/api/support/messages',
  events: '/api/support/events',
} as const;
