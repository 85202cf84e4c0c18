import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFaults, type FaultName } from './faults.ts';
import type { StackLayout } from './layout.ts';
import { setModelFault } from './model-fault.ts';
import { type StackProgress, startGroup } from './part-group.ts';
import type { PartProcess } from './part-process.ts';
import { partTable } from './part-table.ts';
import { clearSlotLogs, fillAll, fillings } from './seed.ts';
import { emptyEnvironments } from './traffic.ts';
import { openVaultAccess } from './vault-access.ts';

/** A stack that is up. */
export interface RunningStack {
  readonly parts: () => readonly PartProcess[];
  readonly faults: () => readonly FaultName[];
  inject(fault: FaultName, signal: AbortSignal): Promise<void>;
  clear(signal: AbortSignal): Promise<void>;
  /** Back to how it was after its start; the database wants its migration again. */
  reset(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What an earlier stack in this directory may have left: its secrets are gone, so nothing fits. */
const leftovers = ['flags', 'host', 'edge', 'mongo', 'vault', 'redis', 'logs'];

/**
 * Starts all parts of a stack and fills them. When anything fails, everything is taken down again before
 * the error is thrown.
 */
export async function startStack(
  layout: StackLayout,
  onProgress: (progress: StackProgress) => void,
  signal: AbortSignal,
): Promise<RunningStack> {
  const clean = leftovers.map((name) => join(layout.directory, name));
  await Promise.all(clean.map((path) => rm(path, { recursive: true, force: true })));
  const logDirectory = join(layout.directory, 'logs');
  const group = await startGroup(partTable(layout), { logDirectory, onProgress }, signal);
  const vault = openVaultAccess(layout);
  const filling = fillings(layout, vault);
  const faults = createFaults({ layout, group, vault, filling });
  try {
    onProgress({ type: 'seeding' });
    await fillAll(filling, signal);
  } catch (error) {
    await group.close();
    throw error;
  }
  return {
    parts: group.parts,
    faults: faults.active,
    inject: faults.inject,
    clear: faults.clear,
    reset: async (within) => {
      await group.revive(within);
      faults.forget();
      await emptyEnvironments(layout, within);
      await setModelFault(layout, null, within);
      await Promise.all([clearSlotLogs(layout), fillAll(filling, within)]);
    },
    close: group.close,
  };
}
