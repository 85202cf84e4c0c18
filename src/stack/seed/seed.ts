import { readDataFiles } from './data-files.ts';
import { historyEvents, inMiniature } from './history.ts';
import { leftBehindBy } from './left-behind.ts';
import { orderDocuments, type SeedDocument } from './orders.ts';

/** What a fresh stack's databases hold. */
export interface SeedDocuments {
  /** Collection of the widget's database -> its documents. */
  readonly widget: Readonly<Record<string, readonly SeedDocument[]>>;
  /** Documents of `aurora.events`: production's past, and a little of staging's. */
  readonly events: readonly SeedDocument[];
}

/**
 * The documents to seed at a moment (milliseconds since the epoch): the same files and moment give
 * the same documents. STACK_START_FAILED names a file that is missing or malformed.
 */
export async function seedDocuments(dataDirectory: string, nowMs: number): Promise<SeedDocuments> {
  const files = await readDataFiles(dataDirectory);
  const { products, orders, history, quarter, leftBehind } = files;
  const pasts = [quarter, history];
  const events = pasts.flatMap((past) => historyEvents(past, nowMs));
  const staging = pasts.map((past) => inMiniature(past, 'staging', leftBehind.stagingShare));
  const past = { events, orders: orders.series, products };
  return {
    widget: {
      products,
      orders: orderDocuments(orders, nowMs),
      ...leftBehindBy(past, leftBehind, nowMs),
    },
    events: [...events, ...staging.flatMap((file) => historyEvents(file, nowMs))],
  };
}
