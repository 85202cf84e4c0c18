import type {
  CohortCounters,
  EndpointCounters,
  EndpointSessions,
} from '../services/metrics/metrics.ts';

/** What happened in a window: counters without a beginning or a process. */
export type Counts = Pick<CohortCounters, 'endpoints' | 'sessions' | 'csat' | 'unknown'>;

/** Nothing happened. */
export const noCounts: Counts = {
  endpoints: {},
  sessions: { n: 0, bad: 0 },
  csat: { great: 0, needsFollowUp: 0 },
};

const noRequests: EndpointCounters = { requests: 0, errors: 0, latency: [] };
const noSessions: EndpointSessions = { n: 0, bad: 0, slow: [] };

type Combine = (x: number, y: number) => number;

/** Counts at a bound: [bound, count]. */
type Bounded = readonly (readonly [number, number])[];

/** Bounds that both sides know; a side without any request knows none and counts as zeros. */
function combineBounded(x: Bounded, y: Bounded, combine: Combine): Bounded {
  if (x.length === 0) return y.map(([bound, count]) => [bound, combine(0, count)] as const);
  if (y.length === 0) return x.map(([bound, count]) => [bound, combine(count, 0)] as const);
  const known = new Map(y);
  return x.flatMap(([bound, count]) => {
    const other = known.get(bound);
    return other === undefined ? [] : [[bound, combine(count, other)] as const];
  });
}

function combineLatency(
  x: EndpointCounters['latency'],
  y: EndpointCounters['latency'],
  combine: Combine,
): EndpointCounters['latency'] {
  const bounded = (buckets: EndpointCounters['latency']): Bounded =>
    buckets.map(({ leMs, count }) => [leMs, count]);
  return combineBounded(bounded(x), bounded(y), combine).map(([leMs, count]) => ({ leMs, count }));
}

/**
 * The sessions of an endpoint. A side that was not asked had none; where one was asked and did not
 * count them, nobody can say how many there were in both.
 */
function combineSessions(x: EndpointCounters, y: EndpointCounters, combine: Combine) {
  const of = (one: EndpointCounters) =>
    one.sessions ?? (one.requests === 0 ? noSessions : undefined);
  const [one, two] = [of(x), of(y)];
  if (one === undefined || two === undefined) return {};
  if (x.sessions === undefined && y.sessions === undefined) return {};
  const bounded = ({ slow }: EndpointSessions): Bounded => slow.map(({ overMs, n }) => [overMs, n]);
  const slow = combineBounded(bounded(one), bounded(two), combine);
  return {
    sessions: {
      n: combine(one.n, two.n),
      bad: combine(one.bad, two.bad),
      slow: slow.map(([overMs, n]) => ({ overMs, n })),
    },
  };
}

/** What was not counted on one side is not known of both. */
function eitherUnknown(x: Counts, y: Counts): Pick<Counts, 'unknown'> {
  const unknown = [...new Set([...(x.unknown ?? []), ...(y.unknown ?? [])])];
  return unknown.length === 0 ? {} : { unknown };
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
      ...combineSessions(one, two, combine),
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
    ...eitherUnknown(x, y),
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
    ...(endpoint.sessions === undefined
      ? []
      : [endpoint.sessions.n, endpoint.sessions.bad, ...endpoint.sessions.slow.map(({ n }) => n)]),
  ]);
  return [sessions.n, sessions.bad, csat.great, csat.needsFollowUp, ...requests];
}

/**
 * What was counted between two readings of one cohort. After a restart (another epoch, or any
 * counter lower than before) everything that the new process counted is new; nothing is negative.
 */
export function countsBetween(before: CohortCounters, now: CohortCounters): Counts {
  const { endpoints, sessions, csat, unknown } = now;
  const all = { endpoints, sessions, csat, ...(unknown === undefined ? {} : { unknown }) };
  if (before.epoch !== now.epoch) return all;
  const change = combineCounts(now, before, (one, two) => one - two);
  return numbersOf(change).some((value) => value < 0) ? all : change;
}

/** Requests of all endpoints, and how many of them failed. */
export function totalRequests(counts: Counts): { readonly n: number; readonly bad: number } {
  const all = Object.values(counts.endpoints);
  return {
    n: all.reduce((sum, { requests }) => sum + requests, 0),
    bad: all.reduce((sum, { errors }) => sum + errors, 0),
  };
}
