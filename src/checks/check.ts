import type { JsonObject } from '../base/json.ts';

/** Of a check. An `error` (could not be measured) is never a pass and never a fail. */
export type CheckStatus = 'pass' | 'fail' | 'inconclusive' | 'error';

/** Of one metric. */
export type Band = 'green' | 'amber' | 'red';

/** Of a gate. */
export type Verdict = 'go' | 'no-go' | 'hold' | 'rollback';

/** One observed value compared with one expectation: what journal, ticket and JSON hold. */
export interface CheckResult {
  /** Stable and unique in its gate: `environment-matrix/production/CONCIERGE_CSAT_ENDPOINT`. */
  readonly id: string;
  /** What is checked, for people. */
  readonly title: string;
  readonly status: CheckStatus;
  readonly expected: string;
  readonly observed: string;
  /** What to do when it did not pass. */
  readonly remedy?: string;
  /** How many samples a metric was judged on. */
  readonly n?: number;
  readonly band?: Band;
  /** So bad that it acts at once: half of the requests fail, a slot crashed under customers. */
  readonly catastrophe?: boolean;
  readonly requestIds?: readonly string[];
  /** Raw measurements worth keeping. */
  readonly evidence?: JsonObject;
}
