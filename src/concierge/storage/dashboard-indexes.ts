import type { Databases, Migration } from './migrations.ts';

const widgetIndexes = [
  ['orders', { createdAt: -1, orderNumber: -1 }],
  ['orders', { status: 1, createdAt: -1, orderNumber: -1 }],
  ['stylistTickets', { status: 1, priority: 1, createdAt: 1, ticketId: 1 }],
  ['stylistTickets', { status: 1, createdAt: -1 }],
  ['capsuleHolds', { status: 1, expiresAt: 1, capsuleId: 1 }],
  ['csatFeedback', { score: 1, timestamp: -1, sessionId: -1 }],
  ['products', { productId: 1 }],
] as const;

/** One index for each list of the dashboards, in the order in which it is shown. */
export const dashboardIndexes: Migration = {
  id: '003-dashboard-indexes',
  async up({ widget, events }: Databases) {
    for (const [collection, fields] of widgetIndexes) {
      await widget.collection(collection).createIndex({ ...fields });
    }
    await events.collection('events').createIndex({ environment: 1, timestamp: -1 });
  },
};
