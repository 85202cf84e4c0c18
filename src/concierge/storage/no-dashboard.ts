import type { DashboardQueries } from './dashboard-queries.ts';

async function* nothing(): AsyncGenerator<never> {}

const empty = async () => ({ items: [], next: null });

/** For stub mode, which keeps nothing: every list is empty. */
export const noDashboard: DashboardQueries = {
  orders: empty,
  order: async () => null,
  queue: empty,
  newestTickets: async () => [],
  ticket: async () => null,
  capsules: empty,
  unhappy: empty,
  scores: async () => new Map(),
  events: nothing,
  productNames: async () => new Map(),
};
