import type { Clock } from '../../base/clock.ts';
import { FileStore } from '../file-store.ts';
import type { LeaseStore } from '../lease-store.ts';
import type { ReleaseStore } from '../store.ts';
import { MongoLeaseStore } from './mongo-lease-store.ts';
import { MongoStore } from './mongo-store.ts';
import { StateDatabase, type StateDatabaseSettings } from './state-database.ts';

/** Releases and leases in one place. */
export interface StateInMongo {
  readonly store: ReleaseStore;
  readonly leases: LeaseStore;
  close(): Promise<void>;
}

/**
 * Releases and leases in MongoDB; documents lie in the state directory too, for people. Nothing is
 * connected before the first call.
 */
export function openMongoState(
  settings: StateDatabaseSettings & { readonly stateDirectory: string },
  clock: Clock,
): StateInMongo {
  const database = new StateDatabase(settings, clock);
  return {
    store: new MongoStore(database, clock, new FileStore(settings.stateDirectory, clock)),
    leases: new MongoLeaseStore(database),
    close: () => database.close(),
  };
}
