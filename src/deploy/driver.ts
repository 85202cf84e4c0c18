import type { EnvironmentName } from '../base/environments.ts';
import type { Secret } from '../base/secret.ts';
import type { Later, Prepared } from '../services/change.ts';
import type { Examined } from '../services/health.ts';

/** Each environment has two slots; at any time one of them is stable. */
export const slotNames = ['blue', 'green'] as const;
export type SlotName = (typeof slotNames)[number];

/** A slot as its host reports it. */
export interface SlotStatus {
  readonly environment: EnvironmentName;
  readonly slot: SlotName;
  /** `failed`: it ended by itself; `stopped`: it was told to, or never started. */
  readonly state: 'starting' | 'ready' | 'failed' | 'stopped';
  /** Digest of the build in it; null when it never had one. */
  readonly build: string | null;
  /** Base address of the process, for probes that bypass the edge; null unless starting or ready. */
  readonly url: string | null;
  readonly pid: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  /** Why it ended: `exit 1`, `signal SIGKILL`; null while it runs. */
  readonly ended: string | null;
  /** The last lines of its log when it failed, secrets redacted. */
  readonly lastLines: readonly string[];
}

/** Who answers in an environment. `candidate` is null outside a canary. */
export interface Traffic {
  readonly stable: SlotName | null;
  readonly candidate: SlotName | null;
}

/** A build on its way into a slot. */
export interface SlotOrder {
  readonly environment: EnvironmentName;
  readonly slot: SlotName;
  /** Directory of the unpacked build. */
  readonly buildDirectory: string;
  readonly build: string;
  /** Environment of the process; secret values stay wrapped until they are sent. */
  readonly env: Readonly<Record<string, string | Secret>>;
}

/** A slot that traffic may be sent to: one that runs, or one whose start is prepared. */
export interface Destination extends Pick<SlotStatus, 'slot' | 'state'> {
  readonly url: string | Later | null;
}

/** A prepared start, with the slot as it will be. */
export interface PreparedStart extends Prepared<SlotStatus> {
  readonly slot: Destination;
}

/** Changes of slots and traffic, prepared and not sent. */
export interface DriverPreparations {
  start(order: SlotOrder): PreparedStart;
  stop(slot: SlotName): Prepared;
  /** EFFECT_FAILED when a slot of the traffic is not ready and not about to be. */
  route(slots: readonly Destination[], traffic: Traffic): Prepared;
}

/** Starts and stops slots, and moves traffic between them. One driver serves one environment. */
export interface DeployDriver extends Examined {
  readonly environment: EnvironmentName;
  slots(signal: AbortSignal): Promise<readonly SlotStatus[]>;
  /** The traffic as the edge is set now. */
  traffic(signal: AbortSignal): Promise<Traffic>;
  readonly prepare: DriverPreparations;
  /**
   * Starts a build in a slot and resolves when it is ready: health 200, own digest answered, warm-up
   * requests done. EFFECT_FAILED with the last log lines when it ends or never gets ready;
   * BUILD_ALTERED when the host finds another digest.
   */
  start(order: SlotOrder, signal: AbortSignal): Promise<SlotStatus>;
  /** Stops a slot gracefully; nothing happens when it does not run. */
  stop(slot: SlotName, signal: AbortSignal): Promise<void>;
  /** Sets the traffic; no request fails while it switches. */
  route(traffic: Traffic, signal: AbortSignal): Promise<void>;
}

/** What is made of looking and preparing: each of these sends what was prepared. */
export function sendingDriver(
  driver: Pick<DeployDriver, 'slots' | 'prepare'>,
): Pick<DeployDriver, 'start' | 'stop' | 'route'> {
  const { prepare } = driver;
  return {
    start: (order, signal) => prepare.start(order).send(signal),
    stop: async (slot, signal) => {
      await prepare.stop(slot).send(signal);
    },
    route: async (traffic, signal) => {
      await prepare.route(await driver.slots(signal), traffic).send(signal);
    },
  };
}
