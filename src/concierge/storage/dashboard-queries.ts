import type { CapsuleDocument } from './collections.ts';
import type { FeedbackDocument, OrderDocument, TicketDocument } from './documents.ts';

/** One page of a list. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

/** Which part of a list. */
export interface Window {
  readonly limit: number;
  /** From an earlier page's `next`; one that is none starts over, since lists change anyway. */
  readonly cursor?: string | undefined;
}

/** An order as it is listed: with what the shop's database keeps beyond the concierge's needs. */
export interface ListedOrder extends OrderDocument {
  readonly totals?: { readonly amount?: number; readonly currency?: string };
  /** How its customer rated; null without a rating. */
  readonly rating: FeedbackDocument['rating'] | null;
  /** Over which way news is sent; null without a subscription. */
  readonly subscribed: 'sms' | 'email' | null;
}

/** The fields of an event that analytics counts. */
export interface CountedEvent {
  readonly event: string;
  readonly timestamp: Date;
  readonly sessionId: string;
  readonly intent?: string;
  readonly productId?: string;
}

/** A half-open stretch of time. */
export interface Stretch {
  readonly from: Date;
  readonly until: Date;
}

/** What the dashboards read. Nothing here writes. Any method may reject when the storage is away. */
export interface DashboardQueries {
  /** Newest first. */
  orders(window: Window & { readonly status?: string | undefined }): Promise<Listed<ListedOrder>>;
  order(orderNumber: string): Promise<ListedOrder | null>;
  /** Tickets of a status: urgent before others, then oldest first. */
  queue(
    window: Window & {
      readonly status: TicketDocument['status'];
      readonly priority?: TicketDocument['priority'] | undefined;
    },
  ): Promise<Listed<TicketDocument>>;
  /** Open tickets, newest first. */
  newestTickets(limit: number): Promise<readonly TicketDocument[]>;
  ticket(ticketId: string): Promise<TicketDocument | null>;
  /** Active capsules that end within the stretch, soonest first. */
  capsules(window: Window & Stretch): Promise<Listed<CapsuleDocument>>;
  /** Ratings below 3, newest first. */
  unhappy(window: Window): Promise<Listed<FeedbackDocument>>;
  /** Score -> how many ratings. */
  scores(stretch: Stretch): Promise<ReadonlyMap<number, number>>;
  /** An environment's events of a stretch, in no order, as they arrive. */
  events(environment: string, stretch: Stretch): AsyncIterable<CountedEvent>;
  /** Product -> its name. */
  productNames(productIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
