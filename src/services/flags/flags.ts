import type { EnvironmentName } from '../../base/environments.ts';
import { type Prepared, sendAll } from '../change.ts';
import type { Examined } from '../health.ts';

/** The cohort that a rollout strategy of the widget flag stands for. */
export type CohortName = 'candidate' | 'stable';

/** One ordered rollout strategy of a flag. */
export interface FlagStrategy {
  readonly id: string;
  readonly kind: string;
  /** Null for a strategy that is none of aurora's. */
  readonly cohort: CohortName | null;
  readonly percent: number;
  /** Digest of the build that the variant's payload names. */
  readonly build: string | null;
  readonly sortOrder: number;
}

/** A flag in one environment. */
export interface FlagState {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly enabled: boolean;
  readonly strategies: readonly FlagStrategy[];
}

/** The share of the sessions that a cohort gets, and the build it stands for. */
export interface CohortShare {
  readonly name: CohortName;
  readonly percent: number;
  readonly build: string;
}

/**
 * Changes of flags, prepared and not sent. A state given to them is one of `read`: it knows the ids
 * of strategies.
 */
export interface FlagPreparations {
  /** Nothing when it is on already. */
  enable(state: Omit<FlagState, 'strategies'>): readonly Prepared[];
  /**
   * Several flags off, at once and by the shortest path. Needs no look at what is there. When the
   * one call fails, sending tries each flag alone.
   */
  disable(flags: readonly string[], environment: EnvironmentName): readonly Prepared[];
  /**
   * Creates or changes the strategy of a cohort: `candidate` stands before `stable`, each is
   * `flexibleRollout` sticky by `sessionId` with one variant named after the cohort.
   */
  setCohort(state: FlagState, cohort: CohortShare): readonly Prepared[];
  /** Removes the strategy of a cohort; nothing when there is none. */
  removeCohort(state: FlagState, cohort: CohortName): readonly Prepared[];
}

/** Feature flags. Writing goes through the administration API, `seen` through what clients get. */
export interface FlagsService extends Examined {
  /** The flag as administered. SERVICE_REFUSED when it does not exist. */
  read(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<FlagState>;
  /** The flag as a client application gets it now, past server-side caches. */
  seen(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<FlagState>;
  readonly prepare: FlagPreparations;
  /** Prepares and sends, as the three below do. */
  enable(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<void>;
  disable(
    flags: readonly string[],
    environment: EnvironmentName,
    signal: AbortSignal,
  ): Promise<void>;
  setCohort(
    flag: string,
    environment: EnvironmentName,
    cohort: CohortShare,
    signal: AbortSignal,
  ): Promise<void>;
  removeCohort(
    flag: string,
    environment: EnvironmentName,
    cohort: CohortName,
    signal: AbortSignal,
  ): Promise<void>;
}

/** What is made of reading and preparing: each of these sends what was prepared. */
export function sendingFlags(
  flags: Pick<FlagsService, 'read' | 'prepare'>,
): Pick<FlagsService, 'enable' | 'disable' | 'setCohort' | 'removeCohort'> {
  const { prepare } = flags;
  return {
    enable: (name, environment, signal) =>
      sendAll(prepare.enable({ name, environment, enabled: false }), signal),
    disable: (names, environment, signal) => sendAll(prepare.disable(names, environment), signal),
    setCohort: async (flag, environment, cohort, signal) =>
      sendAll(prepare.setCohort(await flags.read(flag, environment, signal), cohort), signal),
    removeCohort: async (flag, environment, cohort, signal) =>
      sendAll(prepare.removeCohort(await flags.read(flag, environment, signal), cohort), signal),
  };
}
