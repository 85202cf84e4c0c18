/** The plan's environment matrix: variable, staging, production. */
const endpoints: readonly (readonly [string, string])[] = [
  ['CONCIERGE_PRODUCTS_ENDPOINT', '/api/concierge/products'],
  ['CONCIERGE_ORDER_STATUS_ENDPOINT', '/api/concierge/orders/status'],
  ['CONCIERGE_RETURNS_ENDPOINT', '/api/concierge/orders/returns'],
  ['CONCIERGE_CAPSULE_ENDPOINT', '/api/concierge/capsule'],
  ['CONCIERGE_STYLIST_ENDPOINT', '/api/concierge/stylist'],
  ['CONCIERGE_CSAT_ENDPOINT', '/api/analytics/csat'],
  ['CONCIERGE_SHORTLIST_ENDPOINT', '/api/concierge/shortlist'],
  ['CONCIERGE_INSPIRATION_ENDPOINT', '/api/concierge/inspiration'],
  ['CONCIERGE_ORDER_UPDATES_ENDPOINT', '/api/concierge/order-updates'],
];

export const plannedVariables: readonly (readonly [string, string, string])[] = [
  ...endpoints.map(
    ([name, path]) =>
      [
        name,
        `https://staging.api.glowglitch.com${path}`,
        `https://api.glowglitch.com${path}`,
      ] as const,
  ),
  ['CONCIERGE_API_KEY', 'aurora-staging-api-key', 'aurora-prod-api-key'],
];
