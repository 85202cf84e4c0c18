import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { EnvironmentName } from '../base/environments.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import type { SlotName } from '../deploy/driver.ts';
import type { Dispatcher } from '../services/http/connect.ts';
import type { Services } from '../services/services.ts';
import type { CheckResult } from './check.ts';

/** One environment as the checks see it. */
export interface EnvironmentView {
  readonly name: EnvironmentName;
  /** Path of the env file, for messages. */
  readonly envFile: string;
  /** Its variables as written: `vault:` references unresolved. Throws ENV_FILE_INVALID. */
  variables(): Promise<ReadonlyMap<string, string>>;
  /** Origin that customers use, without a path: `https://api.glowglitch.com`. */
  readonly origin: string;
  /** HTTP through the configuration's `connect:` map. */
  readonly dispatcher: Dispatcher;
  /** Where a person looks before signing: name -> address. */
  readonly views: Readonly<Record<string, string>>;
  /** Token of somebody who may look at the dashboards and do nothing; left out where none is named. */
  readonly viewerToken?: () => Promise<Secret>;
}

/** What has happened in this release so far, as far as checks need it. Milliseconds since the epoch. */
export interface ReleaseFacts {
  /** Digest of the build on its way in. */
  readonly candidate: string;
  /** Digest of the build that production served when the release began; null at a first launch. */
  readonly stable: string | null;
  /** The candidate's slot in each environment, once it has one. */
  readonly slots: Readonly<Partial<Record<EnvironmentName, SlotName>>>;
  /** When staging's traffic moved to the candidate. */
  readonly stagingSwitchedAt?: number;
  /** The plan's DEPLOY: the flag flip of step 6 as verified from outside. */
  readonly deployedAt?: number;
  /** When the candidate got all traffic, as verified from outside. */
  readonly rampedAt?: number;
  /** The candidate's share of the customers in percent, as last verified from outside. */
  readonly percent?: number;
  /**
   * The share that the plan asked for last. Below `percent` where a release that went on passes a
   * stage again that it is past already: nobody's share is taken back for that.
   */
  readonly stage?: number;
  /** Since when the candidate has this share: what is counted of it begins here. */
  readonly sharedAt?: number;
}

/** What a watch of this release wrote into the journal. */
export interface JournaledLook {
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of the present step and since its last verdict: the watch broke off and can go on from it. */
  readonly interrupted: boolean;
  readonly data: JsonObject;
}

/** What a check may use. Everything that waits takes `signal`. */
export interface CheckContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly environments: Readonly<Record<EnvironmentName, EnvironmentView>>;
  readonly services: Services;
  readonly facts: ReleaseFacts;
  /** Divides watch windows and their polling; never timeouts, limits or sample minima. */
  readonly timeScale: number;
  /** Directory of the checklists of this plan. */
  readonly checklists: string;
  /** State directory, for stored baselines. */
  readonly stateDirectory: string;
  /** Directory for what is seen and kept, such as screenshots; one of the state directory when left out. */
  readonly evidence?: string;
  /** The flag whose share is the canary, and where. */
  readonly flags: { readonly canary: string; readonly environment: EnvironmentName };
  /** What the watches of this release saw so far, oldest first. */
  readonly looks: () => readonly JournaledLook[];
  /** Tells whoever watches how far a long check is; goes to screen and journal, decides nothing. */
  readonly progress: (text: string, data?: JsonObject) => void;
}

/**
 * One kind of check. `run` measures (I/O) and hands the observation to a pure `assess`, which each
 * kind exports apart for its tests. What could not be measured becomes a result with status
 * `error`; only an abort of the signal and bad checklists are thrown.
 */
export interface CheckKind<Params> {
  /** The word in the checklist: `environment-matrix`. */
  readonly kind: string;
  /** Parameters in the checklist; a strict object. */
  readonly params: z.ZodType<Params>;
  /** What it will look at, in one line, for `plan show` and dry runs. */
  describe(params: Params): string;
  run(params: Params, context: CheckContext): Promise<readonly CheckResult[]>;
}
