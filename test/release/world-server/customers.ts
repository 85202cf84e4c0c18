import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { SlotName } from '../../../src/deploy/driver.ts';
import { type CompanyState, flagNames } from './state.ts';

/** How much of the public a strategy of the widget's flag gives the candidate. */
export function candidateShare(state: CompanyState, environment: EnvironmentName): number {
  const flag = state.flags[`${environment}/${flagNames[0]}`];
  const strategy = flag?.strategies.find((one) => one.variants[0]?.name === 'candidate');
  if (flag?.enabled !== true || strategy === undefined) return 0;
  return Number(strategy.parameters.rollout);
}

/** Every twentieth customer stands for five per cent: no luck is needed to meet the candidate. */
export function slotFor(
  { stable, candidate }: CompanyState['traffic'][EnvironmentName],
  share: number,
  customer: number,
): SlotName | null {
  const chosen = (customer % 20) * 5 < share;
  return chosen && candidate !== null ? candidate : stable;
}

const bounds = [50, 300, 400, 450, 500, 600, 650, 700];
const slowBounds = [0.3, 0.4, 0.45, 0.5, 0.6, 0.65, 0.7];

/** What a slot has counted after so many crowds of customers, all of them happy. */
export function metricsOf(build: string, crowds: number, isBad: boolean): string {
  const requests = crowds * 500;
  const own = `build="${build}"`;
  const at = `endpoint="/api/concierge/products",${own}`;
  const buckets = [...bounds.map((ms) => String(ms / 1000)), '+Inf'];
  return [
    '# TYPE concierge_http_requests_total counter',
    `concierge_http_requests_total{${at},status="200"} ${requests}`,
    '# TYPE concierge_http_request_duration_seconds histogram',
    ...buckets.map(
      (le) => `concierge_http_request_duration_seconds_bucket{${at},le="${le}"} ${requests}`,
    ),
    '# TYPE concierge_sessions_total counter',
    `concierge_sessions_total{${own}} ${crowds * 2_000}`,
    '# TYPE concierge_sessions_bad_total counter',
    `concierge_sessions_bad_total{${own}} ${isBad ? crowds * 400 : 0}`,
    '# TYPE concierge_endpoint_sessions_total counter',
    `concierge_endpoint_sessions_total{${at}} ${requests}`,
    '# TYPE concierge_endpoint_sessions_bad_total counter',
    `concierge_endpoint_sessions_bad_total{${at}} 0`,
    '# TYPE concierge_endpoint_sessions_slow_total counter',
    ...slowBounds.map((over) => `concierge_endpoint_sessions_slow_total{${at},over="${over}"} 0`),
    '# TYPE concierge_csat_total counter',
    `concierge_csat_total{${own},rating="great"} ${crowds * 200}`,
    `concierge_csat_total{${own},rating="needs_follow_up"} 0`,
    '# TYPE concierge_process_start_time_seconds gauge',
    `concierge_process_start_time_seconds{${own}} 1`,
    '',
  ].join('\n');
}

/** A request log without an error. Its requests come late: they are in every window that ends. */
export function cleanLog(build: string): string {
  const line = JSON.stringify({
    requestId: 'req-1',
    timestamp: '2999-01-01T00:00:00.000Z',
    endpoint: '/api/concierge/products',
    method: 'POST',
    statusCode: 200,
    duration: 3,
    build,
  });
  return `${line}\n`.repeat(40);
}
