import type { EnvironmentName } from '../../base/environments.ts';
import type { Examined } from '../health.ts';

/** Requests of one endpoint by one build since the process started. Cumulative counters. */
export interface EndpointCounters {
  readonly requests: number;
  /** Answers with a status of 500 or more. */
  readonly errors: number;
  /** Cumulative histogram: upper bound in milliseconds (Infinity last) -> requests at or below it. */
  readonly latency: readonly { readonly leMs: number; readonly count: number }[];
}

/** Everything that was counted for one build in one environment, at one moment. */
export interface CohortCounters {
  /** When it was read, milliseconds since the epoch. */
  readonly at: number;
  /** Changes when the counting process restarted, so that counter resets are seen. */
  readonly epoch: string;
  readonly endpoints: Readonly<Record<string, EndpointCounters>>;
  /** Distinct sessions seen, and those with at least one answer of 500 or more. */
  readonly sessions: { readonly n: number; readonly bad: number };
  readonly csat: { readonly great: number; readonly needsFollowUp: number };
}

/** Where the canary's numbers come from. Errors are SERVICE_*; never a made-up zero. */
export interface MetricsService extends Examined {
  /** NO_DATA when nothing is known of this build here. */
  read(
    cohort: { readonly environment: EnvironmentName; readonly build: string },
    signal: AbortSignal,
  ): Promise<CohortCounters>;
}
