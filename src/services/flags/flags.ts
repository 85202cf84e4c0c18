import type { EnvironmentName } from '../../base/environments.ts';
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

/** Feature flags. Writing goes through the administration API, `seen` through what clients get. */
export interface FlagsService extends Examined {
  /** The flag as administered. SERVICE_REFUSED when it does not exist. */
  read(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<FlagState>;
  /** The flag as a client application gets it now, past server-side caches. */
  seen(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<FlagState>;
  enable(flag: string, environment: EnvironmentName, signal: AbortSignal): Promise<void>;
  /** Switches several flags off, at once and by the shortest path. */
  disable(
    flags: readonly string[],
    environment: EnvironmentName,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Creates or changes the strategy of a cohort: `candidate` stands before `stable`, each is
   * `flexibleRollout` sticky by `sessionId` with one variant named after the cohort.
   */
  setCohort(
    flag: string,
    environment: EnvironmentName,
    cohort: { readonly name: CohortName; readonly percent: number; readonly build: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Removes the strategy of a cohort; nothing happens when there is none. */
  removeCohort(
    flag: string,
    environment: EnvironmentName,
    cohort: CohortName,
    signal: AbortSignal,
  ): Promise<void>;
}
