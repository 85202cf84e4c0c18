import type { EnvironmentName } from '../../base/environments.ts';
import type { Examined } from '../health.ts';

/** An index as the database reports it: ordered fields with 1 or -1. */
export interface IndexInfo {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly direction: number }[];
  readonly unique: boolean;
  readonly expireAfterSeconds?: number;
}

/** Which analytics events to count. All parts are combined with "and". */
export interface EventFilter {
  readonly event: string;
  /** `prod`, `staging` or `dev`, as `eventEnvironment` maps. */
  readonly environment: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Digest of the build that emitted it. */
  readonly build?: string;
  readonly sessionId?: string;
  readonly requestId?: string;
}

/** One stage of an aggregation, its values typed as the driver takes them (dates as Date). */
export type PipelineStage = Readonly<Record<string, unknown>>;

/** One row of an aggregation's answer. */
export type EventRow = Readonly<Record<string, unknown>>;

/** A share with what it was measured on. */
export interface Share {
  readonly bad: number;
  readonly n: number;
}

/** The concierge's database as the gates see it. */
export interface DatabaseService extends Examined {
  /** Indexes of a widget collection; empty when the collection does not exist. */
  indexes(
    environment: EnvironmentName,
    collection: string,
    signal: AbortSignal,
  ): Promise<readonly IndexInfo[]>;
  countEvents(filter: EventFilter, signal: AbortSignal): Promise<number>;
  /** Of the `aurora_csat_submitted` events: how many rated `needs_follow_up`, of how many. */
  negativeCsat(filter: Omit<EventFilter, 'event'>, signal: AbortSignal): Promise<Share>;
  /** Runs a read-only pipeline over the events and returns all of its rows. */
  aggregateEvents(
    pipeline: readonly PipelineStage[],
    signal: AbortSignal,
  ): Promise<readonly EventRow[]>;
  /** Stylist tickets with status `open` or `queued`. */
  openTickets(environment: EnvironmentName, signal: AbortSignal): Promise<number>;
  /** Inserts an order for a smoke run; `order` follows the `orders` collection. */
  insertOrder(
    environment: EnvironmentName,
    order: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Removes what a smoke run made: every widget document and event of these sessions, these orders
   * with their returns. Returns the number of removed documents.
   */
  removeTraces(
    environment: EnvironmentName,
    traces: { readonly sessionIds: readonly string[]; readonly orderNumbers: readonly string[] },
    signal: AbortSignal,
  ): Promise<number>;
  close(): Promise<void>;
}
