import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentNames } from '../../base/environments.ts';
import { seedFlags } from '../flags/seed.ts';
import { seedDocuments } from '../seed/seed.ts';
import { addressesOf } from './addresses.ts';
import { writeConfig } from './config-file.ts';
import { writeCredentials } from './credentials.ts';
import { writeDashboardAccess } from './dashboard-access.ts';
import { seedDatabase } from './database.ts';
import { writeEnvFiles } from './env-files.ts';
import { databaseNames, type StackLayout, slotLogs } from './layout.ts';
import { callPart } from './part-call.ts';
import { writePeople } from './people.ts';
import { clearSessions } from './sessions.ts';
import { setHostFaults } from './traffic.ts';
import type { VaultAccess } from './vault-access.ts';

/** The work that fills one thing of a stack, whatever it holds. */
export interface Fillings {
  vault(signal: AbortSignal): Promise<void>;
  database(): Promise<void>;
  flags(signal: AbortSignal): Promise<void>;
  sessions(): Promise<void>;
  receivers(signal: AbortSignal): Promise<void>;
  host(signal: AbortSignal): Promise<void>;
  files(): Promise<void>;
}

/** What brings each thing of a stack to the state of a new one. */
export function fillings(layout: StackLayout, vault: VaultAccess): Fillings {
  const all = addressesOf(layout);
  return {
    vault: async (signal) => writeCredentials(layout, await vault.fill(signal)),
    database: async () => {
      const seed = await seedDocuments(join(layout.fixtures, 'data'), Date.now());
      await seedDatabase(all.mongodb, databaseNames(layout), seed);
    },
    flags: (signal) => seedFlags(all.flags, layout.secrets.flags.admin, signal),
    sessions: () => clearSessions(layout),
    receivers: async (signal) => {
      await callPart({ method: 'DELETE', url: `${all.receivers}/received` }, signal);
    },
    host: (signal) => setHostFaults(layout, { startFails: null, metricsAway: null }, signal),
    files: async () => {
      await Promise.all([
        writeEnvFiles(layout),
        writePeople(layout),
        writeConfig(layout),
        writeDashboardAccess(layout),
      ]);
    },
  };
}

/** Fills everything at once. */
export async function fillAll(filling: Fillings, signal: AbortSignal): Promise<void> {
  await Promise.all([
    filling.vault(signal),
    filling.database(),
    filling.flags(signal),
    filling.sessions(),
    filling.receivers(signal),
    filling.host(signal),
    filling.files(),
  ]);
}

/** Removes what slots have logged; none may run. */
export async function clearSlotLogs(layout: StackLayout): Promise<void> {
  const paths = environmentNames.flatMap((environment) => slotLogs(layout, environment));
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
