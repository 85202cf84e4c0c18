import type { CohortMetric } from './cohort.ts';

/** What each metric is called; null where the source does not count it. `durations` without `_bucket`. */
export type MetricNames = Readonly<Record<CohortMetric | 'start', string | null>>;

/** What the labels are called: left aurora's word, right the source's. */
export interface LabelNames {
  readonly build: string;
  readonly endpoint: string;
  readonly status: string;
  readonly rating: string;
  readonly over: string;
}

/** The concierge's own names. */
export const conciergeNames = {
  requests: 'concierge_http_requests_total',
  durations: 'concierge_http_request_duration_seconds',
  sessions: 'concierge_sessions_total',
  badSessions: 'concierge_sessions_bad_total',
  csat: 'concierge_csat_total',
  endpointSessions: 'concierge_endpoint_sessions_total',
  endpointBadSessions: 'concierge_endpoint_sessions_bad_total',
  endpointSlowSessions: 'concierge_endpoint_sessions_slow_total',
  start: 'concierge_process_start_time_seconds',
} as const satisfies MetricNames;

/** The concierge's own labels. */
export const conciergeLabels: LabelNames = {
  build: 'build',
  endpoint: 'endpoint',
  status: 'status',
  rating: 'rating',
  over: 'over',
};

/** What says something only together: one that nobody counts takes the others with it. */
const together: readonly (readonly CohortMetric[])[] = [
  ['sessions', 'badSessions'],
  ['endpointSessions', 'endpointBadSessions', 'endpointSlowSessions'],
];

/** The names without those that are of no use alone. */
export function usableNames(names: MetricNames): MetricNames {
  const useless = together.filter((group) => group.some((metric) => names[metric] === null)).flat();
  return { ...names, ...Object.fromEntries(useless.map((metric) => [metric, null])) };
}
