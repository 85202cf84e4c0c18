import { type Collection, type Db, MongoServerError } from 'mongodb';
import { withDeadline } from '../../base/deadline.ts';
import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { ServiceHealth } from '../health.ts';
import type { DatabaseService, IndexInfo } from './database.ts';
import { eventQuery, negativeCsatPipeline, shareOf } from './events.ts';
import { createClient, safeAddress, serviceError } from './mongodb-client.ts';
import { removalsOf, remove } from './traces.ts';

/** Where the concierge's data lives. */
export interface MongodbSettings {
  readonly uri: Secret;
  /** The widget data's database in each environment. */
  readonly databases: Readonly<Record<EnvironmentName, string>>;
  readonly events: { readonly database: string; readonly collection: string };
  /** Milliseconds for one call; 15,000 when left out. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 15_000;
const namespaceNotFound = 26;

/**
 * The database service over the official driver. Connects on first use. Calls throw
 * SERVICE_UNREACHABLE or SERVICE_REFUSED, or the signal's reason; none of them shows a password.
 */
export function openMongodb(settings: MongodbSettings): DatabaseService {
  const client = createClient(settings.uri);
  const address = safeAddress(settings.uri);
  const call = caller(address, settings.timeoutMs ?? defaultTimeoutMs);
  const widget = (environment: EnvironmentName) => client.db(settings.databases[environment]);
  const eventsDatabase = client.db(settings.events.database);
  const events = eventsDatabase.collection(settings.events.collection);
  return {
    label: `mongodb ${address}`,
    health: (signal) => health(eventsDatabase, settings.events.collection, call, signal),
    indexes: (environment, collection, signal) =>
      call(signal, () => readIndexes(widget(environment).collection(collection))),
    countEvents: (filter, parent) =>
      call(parent, (signal) => events.countDocuments(eventQuery(filter), { signal })),
    negativeCsat: (filter, parent) =>
      call(parent, async (signal) =>
        shareOf(await events.aggregate(negativeCsatPipeline(filter), { signal }).toArray()),
      ),
    aggregateEvents: (pipeline, parent) =>
      call(parent, (signal) =>
        // The driver takes documents that it may change, so each stage is a copy.
        events
          .aggregate(
            pipeline.map((stage) => ({ ...stage })),
            { signal },
          )
          .toArray(),
      ),
    openTickets: (environment, parent) =>
      call(parent, (signal) =>
        widget(environment)
          .collection('stylistTickets')
          .countDocuments({ status: { $in: ['open', 'queued'] } }, { signal }),
      ),
    insertOrder: (environment, order, signal) =>
      call(signal, async () => {
        await widget(environment)
          .collection('orders')
          .insertOne({ ...order });
      }),
    removeTraces: (environment, traces, signal) =>
      call(signal, () =>
        remove(removalsOf(traces, settings.events.collection), {
          widget: widget(environment),
          events: eventsDatabase,
        }),
      ),
    close: () => client.close(),
  };
}

type Call = <T>(parent: AbortSignal, act: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Runs one call with a deadline. The driver takes a signal for reads only, so the wait itself ends
 * with the signal: a write that is already on its way may still arrive.
 */
function caller(address: string, timeoutMs: number): Call {
  return async (parent, act) => {
    const { signal, done } = withDeadline(parent, timeoutMs, address);
    try {
      signal.throwIfAborted();
      return await Promise.race([act(signal), aborted(signal)]);
    } catch (error) {
      throw signal.aborted ? signal.reason : serviceError(error, address);
    } finally {
      done();
    }
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function readIndexes(collection: Collection): Promise<readonly IndexInfo[]> {
  try {
    return (await collection.listIndexes().toArray()).map(toIndexInfo);
  } catch (error) {
    if (error instanceof MongoServerError && error.code === namespaceNotFound) return [];
    throw error;
  }
}

function toIndexInfo(index: Record<string, unknown>): IndexInfo {
  const key = (index.key ?? {}) as Record<string, unknown>;
  const expiry = index.expireAfterSeconds;
  return {
    name: String(index.name),
    fields: Object.entries(key).map(([name, direction]) => ({
      name,
      // Indexes of other kinds (text, hashed) have a word here; they have no direction.
      direction: typeof direction === 'number' ? direction : 0,
    })),
    unique: index.unique === true || index.name === '_id_',
    ...(expiry === undefined ? {} : { expireAfterSeconds: Number(expiry) }),
  };
}

async function health(
  database: Db,
  events: string,
  call: Call,
  parent: AbortSignal,
): Promise<ServiceHealth> {
  try {
    const info = await call(parent, (signal) => database.command({ buildInfo: 1 }, { signal }));
    // The version is told to anybody; reading one event proves the permission as well.
    await call(parent, (signal) => database.collection(events).findOne({}, { signal }));
    const embedded = Array.isArray(info.modules) && info.modules.includes('aurora-embedded');
    return { ok: true, detail: `MongoDB ${info.version}${embedded ? ', embedded' : ''}` };
  } catch (error) {
    return {
      ok: false,
      detail: messageOf(error),
      ...(error instanceof AuroraError ? { remedy: error.remedy } : {}),
    };
  }
}
