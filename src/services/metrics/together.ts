import type { CohortCounters, EndpointCounters, EndpointSessions } from './metrics.ts';

function addSessions(
  x: EndpointSessions | undefined,
  y: EndpointSessions | undefined,
): EndpointSessions | undefined {
  // Half of the processes counted: the sum would look like fewer sessions than there were.
  if (x === undefined || y === undefined) return undefined;
  const slow = new Map(x.slow.map(({ overMs, n }) => [overMs, n]));
  for (const { overMs, n } of y.slow) slow.set(overMs, n + (slow.get(overMs) ?? 0));
  return {
    n: x.n + y.n,
    bad: x.bad + y.bad,
    slow: [...slow].sort(([a], [b]) => a - b).map(([overMs, n]) => ({ overMs, n })),
  };
}

function addEndpoint(x: EndpointCounters, y: EndpointCounters): EndpointCounters {
  const counts = new Map(x.latency.map(({ leMs, count }) => [leMs, count]));
  for (const { leMs, count } of y.latency) counts.set(leMs, count + (counts.get(leMs) ?? 0));
  const sessions = addSessions(x.sessions, y.sessions);
  return {
    requests: x.requests + y.requests,
    errors: x.errors + y.errors,
    latency: [...counts].sort(([a], [b]) => a - b).map(([leMs, count]) => ({ leMs, count })),
    ...(sessions === undefined ? {} : { sessions }),
  };
}

/** Two processes with the same build are one cohort. */
export function together(x: CohortCounters, y: CohortCounters): CohortCounters {
  const endpoints: Record<string, EndpointCounters> = { ...x.endpoints };
  for (const [path, counters] of Object.entries(y.endpoints)) {
    const other = endpoints[path];
    endpoints[path] = other === undefined ? counters : addEndpoint(other, counters);
  }
  return {
    at: Math.max(x.at, y.at),
    epoch: `${x.epoch}+${y.epoch}`,
    endpoints,
    sessions: { n: x.sessions.n + y.sessions.n, bad: x.sessions.bad + y.sessions.bad },
    csat: {
      great: x.csat.great + y.csat.great,
      needsFollowUp: x.csat.needsFollowUp + y.csat.needsFollowUp,
    },
  };
}
