import { readFile } from 'node:fs/promises';
import { AuroraError } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { ModelFault } from '../model/faults.ts';
import { dropFeedbackIndex, type IndexRecord, makeIndexes, readIndexes } from './database.ts';
import { envFile, writeEnvFiles } from './env-files.ts';
import type { StackLayout } from './layout.ts';
import { setModelFault } from './model-fault.ts';
import type { PartGroup } from './part-group.ts';
import { publicHosts } from './part-table.ts';
import { restartCandidate } from './restart.ts';
import type { Fillings } from './seed.ts';
import type { Source } from './sources.ts';
import { type Rates, readRates, setHostFaults, setRates } from './traffic.ts';
import type { VaultAccess } from './vault-access.ts';

/** What can be broken on purpose. */
export const faultNames = [
  'env-mismatch',
  'missing-index',
  'vault-sealed',
  'no-traffic',
  'prod-start-fails',
  'redis-dead',
  'vault-dead',
  'database-dead',
  'metrics-down',
  'counter-reset',
  'model-slow',
  'model-quota',
  'model-wrong',
] as const;

/** One fault of a rehearsal. */
export type FaultName = (typeof faultNames)[number];

/** The faults that are in force, and how to end them. */
export interface Faults {
  active(): readonly FaultName[];
  /**
   * STACK_FOREIGN when what it would break was not started by the stack; RELEASE_STATE when there is
   * nothing to break yet.
   */
  inject(name: FaultName, signal: AbortSignal): Promise<void>;
  /** Ends all faults: starts dead servers again, with their data and indexes. */
  clear(signal: AbortSignal): Promise<void>;
  /** Forgets them all without repairing: somebody else brings everything to a new state. */
  forget(): void;
}

/** What faults act upon. */
export interface FaultGround {
  readonly layout: StackLayout;
  readonly group: PartGroup;
  readonly vault: VaultAccess;
  readonly filling: Fillings;
}

/** Applies a fault and answers its repair; null when it is over already. */
type Fault = (ground: FaultGround, signal: AbortSignal) => Promise<Repair | null>;
type Repair = (signal: AbortSignal) => Promise<void>;

/**
 * Ends a server of the stack. A real one runs behind a wrapper, which takes it along only when it is
 * asked to end; an embedded one dies as in a crash.
 */
async function endServer(group: PartGroup, name: string, source: Source): Promise<void> {
  if (source.from === 'embedded') await group.kill(name);
  else await group.part(name).stop();
}

function assertOwn(what: string, source: Source): void {
  if (source.from !== 'given') return;
  throw new AuroraError('STACK_FOREIGN', `this ${what} was not started by the stack`);
}

/** A line copied from the other environment's file: the mistake that step 1 is there for. */
const envMismatch: Fault = async ({ layout }) => {
  const path = envFile(layout, 'production');
  const text = await readFile(path, 'utf8');
  const wrong = `$1https://${publicHosts.staging}/`;
  await writeFileAtomic(
    path,
    text.replace(/^(CONCIERGE_RETURNS_ENDPOINT=)https:\/\/[^/]+\//m, wrong),
  );
  return () => writeEnvFiles(layout);
};

const missingIndex: Fault = async ({ layout }) => {
  assertOwn('database', layout.sources.mongodb);
  const dropped = await dropFeedbackIndex(layout);
  return () => makeIndexes(layout, dropped);
};

const vaultSealed: Fault = async ({ layout, vault }, signal) => {
  assertOwn('vault', layout.sources.vault);
  await vault.seal(signal);
  return (later) => vault.unseal(later);
};

const noTraffic: Fault = async ({ layout }, signal) => {
  const before: Rates = await readRates(layout, signal);
  await setRates(layout, { ...before, production: 0 }, signal);
  return (later) => setRates(layout, before, later);
};

const productionStartFails: Fault = async ({ layout }, signal) => {
  await setHostFaults(layout, { startFails: 'production' }, signal);
  return (later) => setHostFaults(layout, { startFails: null }, later);
};

const metricsDown: Fault = async ({ layout }, signal) => {
  await setHostFaults(layout, { metricsAway: 'production' }, signal);
  return (later) => setHostFaults(layout, { metricsAway: null }, later);
};

/** Over as soon as it has happened: it may happen again, and there is nothing to repair. */
const counterReset: Fault = async ({ layout }, signal) => {
  await restartCandidate(layout, 'production', signal);
  return null;
};

/** One of the three replaces another; clearing any of them makes the model well. */
const modelFault =
  (kind: ModelFault['kind']): Fault =>
  async ({ layout }, signal) => {
    await setModelFault(layout, kind, signal);
    return (later) => setModelFault(layout, null, later);
  };

const redisDead: Fault = async ({ layout, group }) => {
  assertOwn('session cache', layout.sources.redis);
  await endServer(group, 'redis', layout.sources.redis);
  return async (signal) => void (await group.revive(signal));
};

const vaultDead: Fault = async ({ layout, group, filling }) => {
  assertOwn('vault', layout.sources.vault);
  await endServer(group, 'vault', layout.sources.vault);
  return async (signal) => {
    await group.revive(signal);
    await filling.vault(signal);
  };
};

const databaseDead: Fault = async ({ layout, group, filling }) => {
  assertOwn('database', layout.sources.mongodb);
  const indexes: IndexRecord = await readIndexes(layout);
  await endServer(group, 'mongo', layout.sources.mongodb);
  return async (signal) => {
    await group.revive(signal);
    await filling.database();
    await makeIndexes(layout, indexes);
  };
};

const faults: Readonly<Record<FaultName, Fault>> = {
  'env-mismatch': envMismatch,
  'missing-index': missingIndex,
  'vault-sealed': vaultSealed,
  'no-traffic': noTraffic,
  'prod-start-fails': productionStartFails,
  'redis-dead': redisDead,
  'vault-dead': vaultDead,
  'database-dead': databaseDead,
  'metrics-down': metricsDown,
  'counter-reset': counterReset,
  'model-slow': modelFault('slow'),
  'model-quota': modelFault('quota'),
  'model-wrong': modelFault('garbage'),
};

/** The faults of one stack; none at first. */
export function createFaults(ground: FaultGround): Faults {
  const repairs = new Map<FaultName, Repair>();
  return {
    active: () => [...repairs.keys()],
    inject: async (name, signal) => {
      if (repairs.has(name)) return;
      const repair = await faults[name](ground, signal);
      if (repair !== null) repairs.set(name, repair);
    },
    clear: async (signal) => {
      // The last one first: a dead vault cannot be unsealed before it lives again.
      for (const [name, repair] of [...repairs].reverse()) {
        await repair(signal);
        repairs.delete(name);
      }
    },
    forget: () => repairs.clear(),
  };
}
