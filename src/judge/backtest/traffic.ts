import type { CohortCounters, EndpointCounters } from '../../services/metrics/metrics.ts';
import { type Counts, totalRequests } from '../counters.ts';

/** What one session does, on average. */
export interface Habits {
  /** Path -> the part of the sessions that ask it. */
  readonly asked: Readonly<Record<string, number>>;
  /** The part of the sessions that answer the CSAT question. */
  readonly rated: number;
}

/** The plan's volumes: what a canary of half an hour at 5 % sees of each endpoint. */
export const plannedHabits: Habits = {
  asked: {
    '/api/concierge/products': 0.8,
    '/api/concierge/orders/status': 0.055,
    '/api/concierge/orders/returns': 0.0055,
    '/api/concierge/stylist': 0.0011,
    '/api/concierge/capsule': 0.25,
    '/api/analytics/csat': 0.17,
  },
  rated: 0.17,
};

/** Everything that is true of the sessions of one cohort. Shares of bad ones. */
export interface CohortTruth {
  /** Sessions with a failed answer. */
  readonly errors: number;
  /** Asks for products that meet a slow answer. */
  readonly slow: number;
  readonly unhappy: number;
}

/** The recorded habits of customers; null where too few sessions were recorded to tell. */
export function habitsOf(counts: Counts): Habits | null {
  const { sessions, endpoints, csat } = counts;
  if (sessions.n < fewestSessions || totalRequests(counts).n === 0) return null;
  const part = (n: number) => Math.min(1, n / sessions.n);
  return {
    asked: Object.fromEntries(
      Object.entries(endpoints).map(([path, counted]) => [
        path,
        part(counted.sessions?.n ?? counted.requests),
      ]),
    ),
    rated: part(csat.great + csat.needsFollowUp),
  };
}

const fewestSessions = 100;

/** The part of answers that take longer: one in a hundred longer than 300 ms, most less than 80. */
const healthy = (ms: number) => 1 / (1 + (ms / 80) ** 3.476);

/** The same of slow ones: half of them longer than 500 ms. */
const slowed = (ms: number) => 1 / (1 + (ms / 500) ** 6);

/** The part of asks at an endpoint that take longer than so many milliseconds. */
export function longerThan(ms: number, slow: number): number {
  return (1 - slow) * healthy(ms) + slow * slowed(ms);
}

/** The endpoint that a slow candidate is slow at. */
export const slowPath = '/api/concierge/products';

/** Bounds of the service's histogram, and those that the policies ask for. Milliseconds. */
export function boundsOf(limits: readonly number[]): readonly number[] {
  const all = [100, 300, 400, 450, 500, 600, 650, 700, ...limits];
  return [...new Set(all)].toSorted((x, y) => x - y);
}

interface Tally {
  asks: number;
  errors: number;
  /** Asks over each bound. */
  readonly over: number[];
}

/** What the service counts of one cohort from its start on. */
export class SimulatedCohort {
  readonly #bounds: readonly number[];
  /** Requests of one ask: they fail and are slow together. */
  readonly #together: number;
  readonly #tallies = new Map<string, Tally>();
  #sessions = { n: 0, bad: 0 };
  #csat = { great: 0, needsFollowUp: 0 };

  constructor(bounds: readonly number[], together: number) {
    this.#bounds = bounds;
    this.#together = together;
  }

  /** So many sessions more. Which of them are bad is drawn for each counter by itself. */
  add(
    sessions: number,
    truth: CohortTruth,
    habits: Habits,
    random: { binomial(n: number, p: number): number },
  ): void {
    this.#sessions = {
      n: this.#sessions.n + sessions,
      bad: this.#sessions.bad + random.binomial(sessions, truth.errors),
    };
    const rated = random.binomial(sessions, habits.rated);
    const unhappy = random.binomial(rated, truth.unhappy);
    this.#csat = {
      great: this.#csat.great + rated - unhappy,
      needsFollowUp: this.#csat.needsFollowUp + unhappy,
    };
    for (const [path, part] of Object.entries(habits.asked)) {
      const tally = this.#tallyOf(path);
      const asks = random.binomial(sessions, part);
      tally.asks += asks;
      tally.errors += random.binomial(asks, truth.errors);
      const slow = path === slowPath ? truth.slow : 0;
      let within = asks;
      let chance = 1;
      this.#bounds.forEach((bound, at) => {
        const over = longerThan(bound, slow);
        within = random.binomial(within, over / chance);
        chance = over;
        tally.over[at] = (tally.over[at] ?? 0) + within;
      });
    }
  }

  #tallyOf(path: string): Tally {
    const tally = this.#tallies.get(path) ?? { asks: 0, errors: 0, over: [] };
    this.#tallies.set(path, tally);
    return tally;
  }

  /** The counters at this moment, milliseconds since the epoch. */
  read(at: number): CohortCounters {
    const endpoints: Record<string, EndpointCounters> = {};
    for (const [path, tally] of this.#tallies) endpoints[path] = this.#counted(tally);
    return { at, epoch: 'simulated', endpoints, sessions: this.#sessions, csat: this.#csat };
  }

  #counted({ asks, errors, over }: Tally): EndpointCounters {
    const requests = asks * this.#together;
    const within = this.#bounds.map((leMs, at) => ({
      leMs,
      count: requests - (over[at] ?? 0) * this.#together,
    }));
    return {
      requests,
      errors: errors * this.#together,
      latency: [...within, { leMs: Number.POSITIVE_INFINITY, count: requests }],
      sessions: {
        n: asks,
        bad: errors,
        slow: this.#bounds.map((overMs, at) => ({ overMs, n: over[at] ?? 0 })),
      },
    };
  }
}
