import type { EnvironmentName } from '../../base/environments.ts';
import type { Prepared } from '../change.ts';
import type { Examined } from '../health.ts';

/** The widget's session cache. */
export interface CacheService extends Examined {
  /** How many cached sessions there are in this environment. */
  count(environment: EnvironmentName, signal: AbortSignal): Promise<number>;
  /** The removal of every cached session of this environment, prepared; sending it gives how many. */
  prepareClear(environment: EnvironmentName): Prepared<number>;
  /** Removes every cached session of this environment and nothing else; returns how many. */
  clear(environment: EnvironmentName, signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}
