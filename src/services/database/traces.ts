import type { Db, Filter, Document as MongoDocument } from 'mongodb';

/** What a smoke run leaves behind, by the keys that it alone uses. */
export interface Traces {
  readonly sessionIds: readonly string[];
  readonly orderNumbers: readonly string[];
}

/** Widget collections whose documents belong to a session. */
const sessionCollections = [
  'widgetSessions',
  'widgetShortlists',
  'capsuleHolds',
  'renderJobs',
  'csatFeedback',
  'stylistTickets',
  'widgetOrderSubscriptions',
  'widgetInspiration',
  'idempotencyKeys',
] as const;

/** One removal: a collection, and which of its documents. */
export interface Removal {
  readonly place: 'widget' | 'events';
  readonly collection: string;
  readonly filter: Filter<MongoDocument>;
}

/** The removals for these traces. Without a key nothing is removed: no filter is ever empty. */
export function removalsOf(traces: Traces, eventsCollection: string): readonly Removal[] {
  const bySession = { sessionId: { $in: [...traces.sessionIds] } };
  const byOrder = { orderNumber: { $in: [...traces.orderNumbers] } };
  return [
    ...sessionCollections.map(
      (collection): Removal => ({ place: 'widget', collection, filter: bySession }),
    ),
    { place: 'widget', collection: 'returns', filter: { $or: [bySession, byOrder] } },
    { place: 'widget', collection: 'orders', filter: byOrder },
    { place: 'events', collection: eventsCollection, filter: bySession },
  ];
}

/** Carries out every removal even when one fails, then throws the first error. */
export async function remove(
  removals: readonly Removal[],
  databases: { readonly widget: Db; readonly events: Db },
): Promise<number> {
  const results = await Promise.allSettled(
    removals.map(({ place, collection, filter }) =>
      databases[place].collection(collection).deleteMany(filter),
    ),
  );
  let removed = 0;
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
    removed += result.value.deletedCount;
  }
  return removed;
}
