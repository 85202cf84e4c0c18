import type { Collection, Db } from 'mongodb';
import type {
  CapsuleHold,
  FeedbackDocument,
  InspirationDocument,
  OrderDocument,
  ProductDocument,
  ReturnDocument,
  SessionDocument,
  SubscriptionDocument,
  TicketDocument,
} from './documents.ts';
import type { StoredAnswer } from './store.ts';

/** A session's shortlist; `hold` is its active capsule. */
export interface ShortlistDocument {
  readonly sessionId: string;
  readonly shortlistId: string;
  readonly items: readonly unknown[];
  readonly hold?: { readonly capsuleId: string; readonly expiresAt: Date };
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

/** A capsule with the pieces it holds. */
export interface CapsuleDocument extends CapsuleHold {
  readonly shortlist: readonly unknown[];
  readonly orderNumber: string | null;
}

/** Work for the renderer of capsule pictures. */
export interface RenderJob {
  readonly capsuleId: string;
  readonly sessionId: string;
  readonly status: 'pending';
  readonly createdAt: Date;
}

/** What an idempotency key was used for, and what it was answered. */
export interface KeyDocument {
  readonly hash: string;
  readonly endpoint: string;
  readonly sessionId: string;
  readonly bodyHash: string;
  readonly answer: StoredAnswer | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The collections of the widget's database, by their names there. */
export interface Collections {
  readonly products: Collection<ProductDocument>;
  readonly orders: Collection<OrderDocument>;
  readonly widgetShortlists: Collection<ShortlistDocument>;
  readonly capsuleHolds: Collection<CapsuleDocument>;
  readonly renderJobs: Collection<RenderJob>;
  readonly csatFeedback: Collection<FeedbackDocument>;
  readonly stylistTickets: Collection<TicketDocument>;
  readonly widgetOrderSubscriptions: Collection<SubscriptionDocument>;
  readonly widgetInspiration: Collection<InspirationDocument>;
  readonly returns: Collection<ReturnDocument>;
  readonly widgetSessions: Collection<SessionDocument>;
  readonly idempotencyKeys: Collection<KeyDocument>;
}

/** The typed collections of a database. */
export function collectionsOf(db: Db): Collections {
  return {
    products: db.collection('products'),
    orders: db.collection('orders'),
    widgetShortlists: db.collection('widgetShortlists'),
    capsuleHolds: db.collection('capsuleHolds'),
    renderJobs: db.collection('renderJobs'),
    csatFeedback: db.collection('csatFeedback'),
    stylistTickets: db.collection('stylistTickets'),
    widgetOrderSubscriptions: db.collection('widgetOrderSubscriptions'),
    widgetInspiration: db.collection('widgetInspiration'),
    returns: db.collection('returns'),
    widgetSessions: db.collection('widgetSessions'),
    idempotencyKeys: db.collection('idempotencyKeys'),
  };
}
