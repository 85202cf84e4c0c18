import type { EnvironmentName } from '../../base/environments.ts';
import type { Examined } from '../health.ts';

/** Requests of one endpoint by one build since the process started. Cumulative counters. */
export interface EndpointCounters {
  readonly requests: number;
  /** Answers with a status of 500 or more. */
  readonly errors: number;
  /** Cumulative histogram: upper bound in milliseconds (Infinity last) -> requests at or below it. */
  readonly latency: readonly { readonly leMs: number; readonly count: number }[];
  /** The same by distinct sessions; left out where the source does not count them. */
  readonly sessions?: EndpointSessions;
}

/** Distinct sessions at one endpoint. Cumulative counters. */
export interface EndpointSessions {
  readonly n: number;
  /** With at least one answer of 500 or more. */
  readonly bad: number;
  /** Bound in milliseconds -> sessions with at least one answer that took longer. */
  readonly slow: readonly { readonly overMs: number; readonly n: number }[];
}

/** A part of the counters that a source counts as a whole or not at all. */
export type CounterPart = 'endpoints' | 'sessions' | 'csat';

/** Everything that was counted for one build in one environment, at one moment. */
export interface CohortCounters {
  /** Until when it counts, milliseconds since the epoch: when it was read, less the ingest lag. */
  readonly at: number;
  /**
   * Set when the counts begin at this moment (milliseconds since the epoch) and not with the process:
   * the source keeps history, and resets within it are taken care of.
   */
  readonly since?: number;
  /** Changes when the counting process restarted, so that counter resets are seen. */
  readonly epoch: string;
  readonly endpoints: Readonly<Record<string, EndpointCounters>>;
  /** Distinct sessions seen, and those with at least one answer of 500 or more. */
  readonly sessions: { readonly n: number; readonly bad: number };
  readonly csat: { readonly great: number; readonly needsFollowUp: number };
  /** Parts that this source cannot count: what stands there are no measured zeros. */
  readonly unknown?: readonly CounterPart[];
}

/** Latency of recent requests of one endpoint in milliseconds, exact and not from a histogram. */
export interface RecentLatency {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Whose numbers are asked for. Times in milliseconds since the epoch. */
export interface CohortQuery {
  readonly environment: EnvironmentName;
  readonly build: string;
  /** Count from here on. A source without history counts from the start of its process instead. */
  readonly since?: number;
  /** Count until here, so that two cohorts cover the same window; a source without history: now. */
  readonly until?: number;
}

/** What customers of one build did of late. */
export interface RecentTraffic {
  readonly counts: Pick<CohortCounters, 'endpoints' | 'sessions' | 'csat' | 'unknown'>;
  readonly durationMs: number;
  /** Which time it covers, for people: `the last hour`. */
  readonly over: string;
}

/** Where the canary's numbers come from. Errors are SERVICE_*; never a made-up zero. */
export interface MetricsService extends Examined {
  /** How long after a request its counts are complete here, in milliseconds. */
  readonly lagMs: number;
  /** NO_DATA when nothing is known of this build here. */
  read(query: CohortQuery, signal: AbortSignal): Promise<CohortCounters>;
  /**
   * The last hour of a build, or what the source can tell that comes nearest: to foresee a canary,
   * never to judge one. NO_DATA as above.
   */
  traffic(query: CohortQuery, signal: AbortSignal): Promise<RecentTraffic>;
  /**
   * Endpoint -> latency of its last requests (a thousand of all endpoints at most): to be shown and
   * never judged. Only a source that keeps single requests has it.
   */
  recentLatency?(
    query: CohortQuery,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, RecentLatency>>>;
}
