import type { CohortCounters, EndpointCounters } from '../services/metrics/metrics.ts';

/** What happened in a window: counters without a beginning or a process. */
export type Counts = Pick<CohortCounters, 'endpoints' | 'sessions' | 'csat'>;

/** Nothing happened. */
export const noCounts: Counts = {
  endpoints: {},
  sessions: { n: 0, bad: 0 },
  csat: { great: 0, needsFollowUp: 0 },
};

const noRequests: EndpointCounters = { requests: 0, errors: 0, latency: [] };

type Combine = (x: number, y: number) => number;

/** Buckets that both sides know; a side without any request knows none and counts as zeros. */
function combineLatency(
  x: EndpointCounters['latency'],
  y: EndpointCounters['latency'],
  combine: Combine,
): EndpointCounters['latency'] {
  if (x.length === 0) return y.map(({ leMs, count }) => ({ leMs, count: combine(0, count) }));
  if (y.length === 0) return x.map(({ leMs, count }) => ({ leMs, count: combine(count, 0) }));
  const known = new Map(y.map(({ leMs, count }) => [leMs, count]));
  return x.flatMap(({ leMs, count }) => {
    const other = known.get(leMs);
    return other === undefined ? [] : [{ leMs, count: combine(count, other) }];
  });
}

function combineCounts(x: Counts, y: Counts, combine: Combine): Counts {
  const paths = new Set([...Object.keys(x.endpoints), ...Object.keys(y.endpoints)]);
  const endpoints: Record<string, EndpointCounters> = {};
  for (const path of paths) {
    const one = x.endpoints[path] ?? noRequests;
    const two = y.endpoints[path] ?? noRequests;
    endpoints[path] = {
      requests: combine(one.requests, two.requests),
      errors: combine(one.errors, two.errors),
      latency: combineLatency(one.latency, two.latency, combine),
    };
  }
  return {
    endpoints,
    sessions: {
      n: combine(x.sessions.n, y.sessions.n),
      bad: combine(x.sessions.bad, y.sessions.bad),
    },
    csat: {
      great: combine(x.csat.great, y.csat.great),
      needsFollowUp: combine(x.csat.needsFollowUp, y.csat.needsFollowUp),
    },
  };
}

/** Both windows together. */
export function addCounts(x: Counts, y: Counts): Counts {
  return combineCounts(x, y, (one, two) => one + two);
}

function numbersOf(counts: Counts): readonly number[] {
  const { sessions, csat, endpoints } = counts;
  const requests = Object.values(endpoints).flatMap((endpoint) => [
    endpoint.requests,
    endpoint.errors,
    ...endpoint.latency.map(({ count }) => count),
  ]);
  return [sessions.n, sessions.bad, csat.great, csat.needsFollowUp, ...requests];
}

/**
 * What was counted between two readings of one cohort. After a restart (another epoch, or any
 * counter lower than before) everything that the new process counted is new; nothing is negative.
 */
export function countsBetween(before: CohortCounters, now: CohortCounters): Counts {
  const { endpoints, sessions, csat } = now;
  if (before.epoch !== now.epoch) return { endpoints, sessions, csat };
  const change = combineCounts(now, before, (one, two) => one - two);
  return numbersOf(change).some((value) => value < 0) ? { endpoints, sessions, csat } : change;
}

/** Requests of all endpoints, and how many of them failed. */
export function totalRequests(counts: Counts): { readonly n: number; readonly bad: number } {
  const all = Object.values(counts.endpoints);
  return {
    n: all.reduce((sum, { requests }) => sum + requests, 0),
    bad: all.reduce((sum, { errors }) => sum + errors, 0),
  };
}
