import { systemClock } from '../base/clock.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { FileLeaseStore } from '../release/file-lease-store.ts';
import { FileStore } from '../release/file-store.ts';
import { Leases } from '../release/leases.ts';
import type { ReleaseStore } from '../release/store.ts';
import { lazyState, type OpenState } from './lazy-state.ts';

function stateOf(
  loaded: Pick<LoadedConfig, 'config' | 'stateDirectory'>,
  variables: Readonly<Record<string, string | undefined>>,
): OpenState {
  const { store } = loaded.config;
  if (store.kind === 'mongodb') {
    // Whoever keeps files loads no driver of a database.
    return lazyState(async () =>
      (await import('./mongo-state.ts')).openConfiguredMongo(loaded, store, variables),
    );
  }
  const { stateDirectory } = loaded;
  return {
    store: new FileStore(stateDirectory, systemClock),
    leases: new FileLeaseStore(stateDirectory),
    close: async () => undefined,
  };
}

/** Where the releases of a configuration are written down, and who may move them. */
export function openState(
  loaded: Pick<LoadedConfig, 'config' | 'stateDirectory'>,
  variables: Readonly<Record<string, string | undefined>>,
): { readonly store: ReleaseStore; readonly leases: Leases; close(): Promise<void> } {
  const { store, leases, close } = stateOf(loaded, variables);
  return { store, leases: new Leases(leases, systemClock), close };
}
