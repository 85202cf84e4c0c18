import type { LogEntry, LogWindow } from '../../services/logs/logs.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { type Measured, unmeasured } from '../unmeasured.ts';
import type { PostDeployList } from './list.ts';

/** `/api/concierge/products 3, /api/analytics/csat 1`: where the listed errors were. */
function placesText(entries: readonly LogEntry[]): string {
  const places = new Map<string, number>();
  for (const { endpoint } of entries) places.set(endpoint, (places.get(endpoint) ?? 0) + 1);
  return [...places].map(([endpoint, count]) => `${endpoint} ${count}`).join(', ');
}

/** The plan says "should be empty": a single error is a person's to look at, not a rollback. */
export function assessLog(rules: PostDeployList['log'], seen: Measured<LogWindow>): CheckResult {
  const { title, query, paths } = rules;
  const what = { id: 'post-deploy/log', title, expected: `empty: ${paths.join(', ')}` };
  if ('error' in seen) return unmeasured(what, seen.error);
  const { requests, errors, errorEntries } = seen.value;
  const listed = errorEntries.slice(0, rules.shown);
  // A log in which nothing was asked is not an empty answer, it is no answer.
  const status: CheckStatus = errors === 0 && requests > 0 ? 'pass' : 'inconclusive';
  const more = errors > listed.length ? `, the first ${listed.length} listed` : '';
  const places = listed.length === 0 ? '' : ` (${placesText(listed)}${more})`;
  return {
    ...what,
    status,
    observed: `${errors} 5xx of ${requests} requests${places}`,
    n: requests,
    requestIds: listed.map(({ requestId }) => requestId),
    ...(status === 'pass'
      ? {}
      : {
          remedy:
            requests === 0
              ? 'Check that the log arrives and that its fields are mapped, then resume.'
              : 'Look the request ids up in the log, then resume.',
        }),
    evidence: { query, errors, errorEntries: listed.map((entry) => ({ ...entry })) },
  };
}
