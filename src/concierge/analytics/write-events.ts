import { type Collection, type Document, MongoBulkWriteError, ObjectId } from 'mongodb';
import type { WriteEvents } from './event-buffer.ts';
import type { AnalyticsEvent } from './events.ts';

const duplicateKey = 11_000;

/**
 * Keeps events in a collection. An event has one id, however often it is tried: a batch whose
 * acknowledgement was lost, or that was kept in part, is counted once.
 */
export function writeEventsTo(collection: Collection<Document>): WriteEvents {
  const ids = new WeakMap<AnalyticsEvent, ObjectId>();
  const idOf = (event: AnalyticsEvent): ObjectId => {
    const id = ids.get(event) ?? new ObjectId();
    ids.set(event, id);
    return id;
  };
  return async (events) => {
    const documents = events.map((event) => ({ ...event, _id: idOf(event) }));
    try {
      await collection.insertMany(documents, { ordered: false });
    } catch (error) {
      if (!wereThere(error)) throw error;
    }
  };
}

/** Whether the only complaint is that some of them had been kept before. */
function wereThere(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const writeErrors = [error.writeErrors].flat();
  if (writeErrors.length === 0 || error.result.getWriteConcernError() !== undefined) return false;
  return writeErrors.every(({ code }) => code === duplicateKey);
}
