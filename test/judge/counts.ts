import type { Counts } from '../../src/judge/counters.ts';
import type { CohortCounters, EndpointCounters } from '../../src/services/metrics/metrics.ts';

const bounds = [100, 300, 400, 450, 500, 600, 650, 700, Number.POSITIVE_INFINITY];

/** Requests of which `slow` took 650 ms or longer and the rest less than 100; each its own session. */
export function requests(n: number, errors = 0, slow = 0): EndpointCounters {
  const latency = bounds.map((leMs) => ({ leMs, count: leMs > 650 ? n : n - slow }));
  const slower = latency.slice(1, -1).map(({ leMs, count }) => ({ overMs: leMs, n: n - count }));
  return { requests: n, errors, latency, sessions: { n, bad: errors, slow: slower } };
}

export const products = '/api/concierge/products';

/** A cohort of so many sessions: half of them products, a fifth rated, all well unless said. */
export function cohort(
  sessions: number,
  given: Partial<Record<'bad' | 'slow' | 'unhappy' | 'errors', number>> = {},
): Counts {
  const rated = Math.floor(sessions / 5);
  const unhappy = given.unhappy ?? Math.floor(rated / 10);
  return {
    endpoints: {
      [products]: requests(Math.floor(sessions / 2), given.errors ?? 0, given.slow ?? 0),
    },
    sessions: { n: sessions, bad: given.bad ?? 0 },
    csat: { great: rated - unhappy, needsFollowUp: unhappy },
  };
}

/** A reading of a cohort. */
export function reading(counts: Counts, epoch = '1'): CohortCounters {
  return { at: 0, epoch, ...counts };
}
