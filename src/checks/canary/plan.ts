import type { EnvironmentName } from '../../base/environments.ts';
import type { WatchRules } from '../../judge/watching.ts';
import type { FlagExpected } from './flag-drift.ts';

/** Id and title of a watch; its results are called `canary`, `canary/errors`. */
export interface WatchName {
  readonly id: string;
  readonly title: string;
}

/** One watch, in milliseconds that are already scaled. */
export interface WatchPlan {
  readonly name: WatchName;
  readonly environment: EnvironmentName;
  readonly rules: WatchRules;
  readonly everyMs: number;
  /** Build that the candidate is compared with; null when there is no control. */
  readonly control: string | null;
  /** Why there is none, for people; null when there is one. */
  readonly noControl: string | null;
  /** The flag as this release set it; null where that is not known. */
  readonly flag: FlagExpected | null;
}
