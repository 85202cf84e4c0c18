import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { type SlotStatus, slotNames } from '../../deploy/driver.ts';
import type { Guard } from './guard.ts';
import { closeGate } from './metrics-gate.ts';
import type { WarmUpLimits } from './options.ts';
import type { SlotPath } from './order.ts';
import type { PortTurn } from './ports.ts';
import { Slot } from './slot.ts';

/** Every slot of every environment. */
export interface Slots {
  /** In this environment new processes get a port that is taken, and fail as a real one would. */
  startFails: EnvironmentName | null;
  /** In this environment nobody can read a slot's metrics, while its customers notice nothing. */
  readonly metricsAway: EnvironmentName | null;
  setMetricsAway(environment: EnvironmentName | null): Promise<void>;
  at(path: SlotPath): Slot;
  list(): readonly SlotStatus[];
  /** Within a second, since the host itself is about to end. */
  stopAll(): Promise<void>;
}

/** What the slots stand on. `takenPort` is asked late: the host's own port, known once it listens. */
export interface SlotsOptions {
  readonly directory: string;
  readonly guard: Guard;
  readonly warmUp: WarmUpLimits;
  readonly ports: PortTurn;
  readonly takenPort: () => number;
}

/** Creates the slots, all of them empty. */
export function createSlots({ directory, guard, warmUp, ports, takenPort }: SlotsOptions): Slots {
  const all = new Map<string, Slot>();
  const keyOf = ({ environment, slot }: SlotPath) => `${environment}/${slot}`;
  const takePort = async ({ environment }: SlotPath) =>
    environment === slots.startFails ? takenPort() : ports.take();
  for (const environment of environmentNames) {
    for (const slot of slotNames) {
      const path = { environment, slot };
      all.set(keyOf(path), new Slot(path, { directory, guard, warmUp, takePort }));
    }
  }
  let metricsAway: EnvironmentName | null = null;
  const slots: Slots = {
    startFails: null,
    get metricsAway() {
      return metricsAway;
    },
    setMetricsAway: async (environment) => {
      await closeGate(directory, environment);
      metricsAway = environment;
    },
    at: (path) => {
      const slot = all.get(keyOf(path));
      if (slot === undefined) throw new Error(`no such slot: ${keyOf(path)}`);
      return slot;
    },
    list: () => [...all.values()].map((slot) => slot.status),
    stopAll: async () => {
      await Promise.all([...all.values()].map((slot) => slot.stop(800)));
    },
  };
  return slots;
}
