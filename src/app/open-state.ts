import { systemClock } from '../base/clock.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { openFileLeases } from '../release/file-lease-store.ts';
import { FileStore } from '../release/file-store.ts';

/** Where the releases of a configuration are written down, and who may move them. */
export function openState({ stateDirectory }: Pick<LoadedConfig, 'stateDirectory'>) {
  return {
    store: new FileStore(stateDirectory, systemClock),
    leases: openFileLeases(stateDirectory, systemClock),
  };
}
