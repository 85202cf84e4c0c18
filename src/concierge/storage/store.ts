import type {
  CapsuleHold,
  FeedbackDocument,
  InspirationDocument,
  OrderDocument,
  ProductDocument,
  ReturnDocument,
  SessionMessage,
  SubscriptionDocument,
  TicketDocument,
} from './documents.ts';

/** How a customer names an order. */
export type OrderLookup =
  | { readonly orderNumber: string }
  | { readonly email: string; readonly postalCode: string };

/** By what a customer's own return is told from others of an order. */
export type OwnReturn = Pick<ReturnDocument, 'rmaId' | 'sessionId' | 'keyHash' | 'option'>;

/** What an idempotency key was used for. */
export interface KeyUse {
  /** Hash of endpoint, session and key. */
  readonly hash: string;
  readonly endpoint: string;
  readonly sessionId: string;
  readonly bodyHash: string;
}

/** The answer that a key was given. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What taking an idempotency key came to. */
export type KeyClaim =
  | { readonly state: 'fresh' }
  | { readonly state: 'running' | 'other-body' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer };

/** What reserving a capsule came to. */
export type Reservation =
  | { readonly state: 'reserved'; readonly shortlistCount: number }
  | { readonly state: 'already-held' }
  | { readonly state: 'no-shortlist' };

/** Everything the concierge keeps. Any method may reject when the storage is away. */
export interface Store {
  products(): Promise<readonly ProductDocument[]>;
  findOrder(lookup: OrderLookup): Promise<OrderDocument | null>;
  /** False when the order has an active return already. */
  openReturn(document: ReturnDocument): Promise<boolean>;
  /** The return that an earlier try of the same request opened. */
  findReturn(own: OwnReturn): Promise<ReturnDocument | null>;
  /** Reserves the session's shortlist of at least two pieces; one active hold for each session. */
  reserveCapsule(hold: CapsuleHold, shortlistId: string): Promise<Reservation>;
  /** Keeps the ticket and returns its place in the queue, from 1. */
  addTicket(ticket: TicketDocument): Promise<number>;
  /** False when the session has rated before; nothing changes then. */
  addFeedback(feedback: FeedbackDocument): Promise<boolean>;
  saveShortlist(sessionId: string, shortlistId: string, items: readonly unknown[]): Promise<void>;
  addInspiration(inspiration: InspirationDocument): Promise<void>;
  subscribe(subscription: SubscriptionDocument): Promise<void>;
  /** Adds to the turns of a session's conversation; the newest 200 stay, for 30 days. */
  addMessages(sessionId: string, messages: readonly SessionMessage[]): Promise<void>;
  claimKey(use: KeyUse): Promise<KeyClaim>;
  answerKey(hash: string, answer: StoredAnswer): Promise<void>;
  /** Frees a key whose request failed, so that it may be tried again. */
  freeKey(hash: string): Promise<void>;
  /** Rejects when the storage does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
