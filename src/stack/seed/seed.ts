import { readDataFiles } from './data-files.ts';
import { historyEvents } from './history.ts';
import { orderDocuments, type SeedDocument } from './orders.ts';

/** What a fresh stack's databases hold. */
export interface SeedDocuments {
  /** Collection of the widget's database -> its documents. */
  readonly widget: Readonly<Record<string, readonly SeedDocument[]>>;
  /** Documents of `aurora.events`; belong to production only. */
  readonly events: readonly SeedDocument[];
}

/**
 * The documents to seed at a moment (milliseconds since the epoch): the same files and moment give
 * the same documents. STACK_START_FAILED names a file that is missing or malformed.
 */
export async function seedDocuments(dataDirectory: string, nowMs: number): Promise<SeedDocuments> {
  const files = await readDataFiles(dataDirectory);
  return {
    widget: { products: files.products, orders: orderDocuments(files.orders, nowMs) },
    events: historyEvents(files.history, nowMs),
  };
}
