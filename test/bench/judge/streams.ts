import type { SloMetric } from '../../../src/judge/slo.ts';
import { looks } from './cells.ts';
import type { Random } from './random.ts';

/**
 * How customers come and how errors fall. `steady`: the same in every minute, one request a session.
 * `clustered`: five requests a session, and a session that fails fails in all of them. `varying`: the
 * day climbs, minutes burst to five times the traffic, and errors come with the load; control and
 * candidate alike.
 */
export type StreamKind = 'steady' | 'clustered' | 'varying';

/** What is true of the candidate and of what customers have. Shares of bad ones. */
export interface Truth {
  readonly kind: StreamKind;
  /** The candidate's sessions in the whole window, on average. */
  readonly canary: number;
  readonly controlErrors: number;
  readonly candidateErrors: number;
  /** Products requests of the candidate over the green and, of all, over the red bound. */
  readonly slow: number;
  readonly verySlow: number;
  readonly controlUnhappy: number;
  readonly candidateUnhappy: number;
}

/** A healthy candidate beside an equal control. */
export function equal(kind: StreamKind, canary: number, errors: number): Truth {
  return {
    kind,
    canary,
    controlErrors: errors,
    candidateErrors: errors,
    slow: 0.01,
    verySlow: 0.002,
    controlUnhappy: 0.1,
    candidateUnhappy: 0.1,
  };
}

/** The configured part of all customers. */
export const configuredShare = 0.05;

/** Samples of one metric in one minute; `red` are the bad ones by the red line. */
export interface MetricMinute {
  readonly n: number;
  readonly green: number;
  readonly red: number;
}

/** Requests as those see them who do not know sessions. */
export interface Requests {
  readonly n: number;
  readonly bad: number;
}

/** One minute of both cohorts, metrics in the order of the checklist. */
export interface Minute {
  readonly candidate: readonly MetricMinute[];
  /** Of the compared metrics; the others are not looked at. */
  readonly control: readonly (MetricMinute | null)[];
  readonly candidateRequests: Requests;
  readonly controlRequests: Requests;
  /** The candidate's requests of all endpoints that are told apart. */
  readonly endpointRequests: number;
  readonly candidateSessions: number;
}

/** Requests per session, by endpoint: the plan's volumes (a 30-minute canary at 5 % of them). */
const asked: Readonly<Record<string, number>> = {
  '/api/concierge/products': 0.8,
  '/api/concierge/orders/status': 0.055,
  '/api/concierge/orders/returns': 0.0055,
  '/api/concierge/stylist': 0.0011,
  '/api/concierge/capsule': 0.25,
  '/api/analytics/csat': 0.17,
};
const cluster = 5;

interface Cohort {
  readonly sessions: number;
  readonly errors: number;
  readonly slow: number;
  readonly verySlow: number;
  readonly unhappy: number;
  readonly together: number;
}

const same = (n: number, bad: number): MetricMinute => ({ n, green: bad, red: bad });

/** Requests of each endpoint in one minute: those who come ask `together` times. */
function visits(
  { sessions, together }: Cohort,
  paths: readonly string[],
  random: Random,
): ReadonlyMap<string, number> {
  return new Map(
    paths.map((path) => [path, random.binomial(sessions, asked[path] ?? 0) * together]),
  );
}

/** The endpoints that some metric looks at. */
function pathsOf(metrics: readonly SloMetric[]): readonly string[] {
  const paths = metrics.flatMap((metric) => {
    if (metric.measure === 'csat-negative') return ['/api/analytics/csat'];
    return metric.measure === 'session-errors' ? [] : [metric.endpoint];
  });
  return [...new Set(paths)];
}

function measure(
  metric: SloMetric,
  cohort: Cohort,
  { badSessions, requests }: { badSessions: number; requests: ReadonlyMap<string, number> },
  random: Random,
): MetricMinute {
  const { together } = cohort;
  switch (metric.measure) {
    case 'session-errors':
      return same(cohort.sessions, badSessions);
    case 'csat-negative': {
      const n = (requests.get('/api/analytics/csat') ?? 0) / together;
      return same(n, random.binomial(n, cohort.unhappy));
    }
    case 'availability': {
      const sessions = (requests.get(metric.endpoint) ?? 0) / together;
      const weight = metric.unit === 'session' ? 1 : together;
      return same(sessions * weight, random.binomial(sessions, cohort.errors) * weight);
    }
    case 'latency': {
      const all = requests.get(metric.endpoint) ?? 0;
      // `slow` is the share of whatever is counted.
      const n = metric.unit === 'session' ? all / together : all;
      const products = metric.endpoint === '/api/concierge/products';
      const green = random.binomial(n, products ? cohort.slow : 0.01);
      const part = products ? cohort.verySlow / cohort.slow : 0.2;
      return { n, green, red: random.binomial(green, part) };
    }
  }
}

/** Relative traffic of each minute, and how bad each is beside the worst. */
function shapeOf(kind: StreamKind, random: Random) {
  if (kind !== 'varying') return Array.from({ length: looks }, () => ({ load: 1, errors: 1 }));
  const slope = random.next();
  const loads = Array.from({ length: looks }, (_, minute) => {
    const burst = random.next() < 0.1 ? 5 : 1;
    return (1 + (slope * minute) / looks) * burst;
  });
  const mean = loads.reduce((sum, load) => sum + load, 0) / looks;
  const most = Math.max(...loads);
  return loads.map((load) => ({ load: load / mean, errors: 0.5 + (0.5 * load) / most }));
}

/** Whether errors are one request's or a whole session's. */
const togetherOf = (kind: StreamKind) => (kind === 'clustered' ? cluster : 1);

/** How many requests one session makes at an endpoint that it asks. */
export function togetherIn({ candidateRequests, candidateSessions }: Minute): number {
  return candidateSessions === 0 ? 1 : candidateRequests.n / candidateSessions;
}

/** Thirty minutes of a canary. */
export function makeStream(
  metrics: readonly SloMetric[],
  truth: Truth,
  random: Random,
): readonly Minute[] {
  const together = togetherOf(truth.kind);
  const paths = pathsOf(metrics);
  return shapeOf(truth.kind, random).map(({ load, errors }) => {
    const all = Math.round((truth.canary * load) / looks / configuredShare);
    const sessions = random.binomial(all, configuredShare);
    const candidate = {
      sessions,
      errors: truth.candidateErrors * errors,
      slow: truth.slow,
      verySlow: truth.verySlow,
      unhappy: truth.candidateUnhappy,
      together,
    };
    const control = {
      ...candidate,
      sessions: all - sessions,
      errors: truth.controlErrors * errors,
      unhappy: truth.controlUnhappy,
    };
    const bad = random.binomial(candidate.sessions, candidate.errors);
    const controlBad = random.binomial(control.sessions, control.errors);
    const own = { badSessions: bad, requests: visits(candidate, paths, random) };
    const other = { badSessions: controlBad, requests: visits(control, paths, random) };
    return {
      candidate: metrics.map((metric) => measure(metric, candidate, own, random)),
      control: metrics.map((metric) =>
        metric.compare ? measure(metric, control, other, random) : null,
      ),
      candidateSessions: sessions,
      endpointRequests: [...own.requests.values()].reduce((sum, n) => sum + n, 0),
      candidateRequests: { n: candidate.sessions * together, bad: bad * together },
      controlRequests: { n: control.sessions * together, bad: controlBad * together },
    };
  });
}
