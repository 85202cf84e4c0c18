import type { CreateIndexesOptions, Db } from 'mongodb';
import { dashboardIndexes } from './dashboard-indexes.ts';

/** The two databases that the concierge writes to. */
export interface Databases {
  readonly widget: Db;
  readonly events: Db;
}

/** A step of the schema. Steps are only ever added, never changed or taken back. */
export interface Migration {
  readonly id: string;
  /** Does nothing where everything is there already: `migrate:up` also heals a dropped index. */
  up(databases: Databases): Promise<void>;
}

type Fields = Readonly<Record<string, 1 | -1>>;
type Index = readonly [collection: string, fields: Fields, options?: CreateIndexesOptions];

const unique = { unique: true };
/** Documents go when the time in the field has come. */
const untilField = { expireAfterSeconds: 0 };
const days = (count: number) => ({ expireAfterSeconds: count * 86_400 });

const widgetIndexes: readonly Index[] = [
  ['products', { 'metadata.readyToShip': 1, category: 1 }],
  ['orders', { orderNumber: 1 }, unique],
  ['orders', { customerEmail: 1 }],
  ['orders', { status: 1 }],
  ['orders', { 'shipping.postalCode': 1 }],
  ['orders', { createdAt: -1 }],
  ['widgetShortlists', { sessionId: 1 }, unique],
  ['widgetShortlists', { sessionId: 1, expiresAt: 1 }],
  ['widgetShortlists', { expiresAt: 1 }, untilField],
  ['capsuleHolds', { expiresAt: 1 }, untilField],
  ['capsuleHolds', { orderNumber: 1 }],
  ['capsuleHolds', { sessionId: 1 }],
  ['csatFeedback', { sessionId: 1 }, unique],
  ['csatFeedback', { score: 1 }],
  ['csatFeedback', { timestamp: -1 }],
  ['csatFeedback', { intent: 1 }],
  ['csatFeedback', { orderNumber: 1 }],
  ['stylistTickets', { createdAt: -1, status: 1 }],
  ['stylistTickets', { ticketId: 1 }, unique],
  ['stylistTickets', { sessionId: 1 }],
  ['stylistTickets', { customerEmail: 1 }],
  ['widgetOrderSubscriptions', { sessionId: 1 }, unique],
  ['widgetOrderSubscriptions', { orderNumber: 1 }],
  ['widgetInspiration', { sessionId: 1 }],
  ['widgetInspiration', { createdAt: 1 }, days(30)],
  ['returns', { rmaId: 1 }, unique],
  ['returns', { orderNumber: 1 }],
  ['returns', { createdAt: 1 }, days(365)],
  ['widgetSessions', { sessionId: 1 }, unique],
  ['widgetSessions', { expiresAt: 1 }, untilField],
  ['idempotencyKeys', { hash: 1 }, unique],
  ['idempotencyKeys', { expiresAt: 1 }, untilField],
  ['renderJobs', { sessionId: 1 }],
];

const eventIndexes: readonly Index[] = [
  ['events', { sessionId: 1 }],
  ['events', { event: 1 }],
  ['events', { timestamp: -1 }],
  ['events', { intent: 1 }],
];

/** What can be left to the database: documents that go by the time in one of their fields. */
const widgetTimes: readonly Index[] = [
  ['csatFeedback', { timestamp: 1 }, days(365)],
  ['stylistTickets', { createdAt: 1 }, days(365)],
  ['renderJobs', { createdAt: 1 }, days(30)],
];

const eventTimes: readonly Index[] = [['events', { timestamp: 1 }, days(180)]];

/** Documents of an older writer may lack the field. */
const uniqueWhereSet = { unique: true, sparse: true };
const widgetIds: readonly Index[] = [
  ['capsuleHolds', { capsuleId: 1 }, uniqueWhereSet],
  ['widgetInspiration', { inspirationId: 1 }, uniqueWhereSet],
  ['widgetOrderSubscriptions', { subscriptionId: 1 }, uniqueWhereSet],
];

async function create(db: Db, indexes: readonly Index[]): Promise<void> {
  for (const [collection, fields, options] of indexes) {
    await db.collection(collection).createIndex({ ...fields }, options);
  }
}

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [
  { id: '001-widget-indexes', up: ({ widget }) => create(widget, widgetIndexes) },
  { id: '002-event-indexes', up: ({ events }) => create(events, eventIndexes) },
  dashboardIndexes,
  {
    id: '004-retention',
    async up({ widget, events }) {
      await create(widget, widgetTimes);
      await create(events, eventTimes);
    },
  },
  { id: '005-unique-ids', up: ({ widget }) => create(widget, widgetIds) },
];
