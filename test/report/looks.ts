import type { JsonObject } from '../../src/base/json.ts';

/** A metric as a look tells it, in the middle of its way to green. */
export function metricData(change: JsonObject = {}): JsonObject {
  return {
    title: 'Error rate',
    role: 'gate',
    state: 'collecting',
    why: null,
    band: 'amber',
    n: 540,
    bad: 0,
    unit: 'sessions',
    limit: '0.5 %',
    rate: 0,
    low: 0,
    high: 0.0071,
    done: 0.5,
    evidence: 4.4,
    evidenceNeeded: 20,
    evidenceAgainst: 0.2,
    evidenceAgainstNeeded: 180,
    toGreen: 139,
    earliestMs: 40_000,
    expectedMs: 40_000,
    probes: 0,
    control: { n: 9_800, bad: 12 },
    ...change,
  };
}

/** A metric that is proven. */
export const proven: JsonObject = {
  state: 'green',
  band: 'green',
  done: 1,
  evidence: 31,
  toGreen: 0,
  earliestMs: 0,
  expectedMs: 0,
};

/** The three gates and six guards that ship. */
export function metricsData(change: Readonly<Record<string, JsonObject>> = {}): JsonObject {
  const guard = (title: string) =>
    metricData({ title, role: 'guard', state: 'warming', n: 12, done: 0.1 });
  const all: Readonly<Record<string, JsonObject>> = {
    'order-status-latency': guard('Latency of orders/status, p95'),
    'order-status-availability': guard('Availability of orders/status'),
    'returns-latency': guard('Latency of orders/returns, p95'),
    'capsule-availability': guard('Availability of capsule'),
    'stylist-latency': guard('Latency of stylist, p95'),
    'csat-availability': guard('Availability of CSAT'),
    errors: metricData(),
    'products-latency': metricData({ title: 'Latency of products, p95', limit: '300 ms' }),
    csat: metricData({ title: 'Negative CSAT answers', unit: 'answers', n: 9, limit: '40 %' }),
  };
  return Object.fromEntries(
    Object.entries(all).map(([id, data]) => [id, { ...data, ...change[id] }]),
  );
}

/** A look as a watch writes it into the journal. */
export function lookData(change: JsonObject = {}): JsonObject {
  return {
    watch: 'canary',
    state: 'collecting',
    band: 'amber',
    why: [],
    elapsedMs: 600_000,
    windowMs: 1_800_000,
    extendMs: 900_000,
    extended: false,
    failures: 0,
    lastFailure: null,
    readings: 10,
    requests: 2_210,
    errors: 1,
    share: 0.05,
    compared: true,
    split: { observed: 0.0512, mismatch: false, words: 'customers are split as configured' },
    drift: null,
    metrics: metricsData(),
    reading: { at: 1, secretly: 'large' },
    ...change,
  };
}

/** What was foreseen before the first look. */
export const lookAhead: JsonObject = {
  watch: 'canary',
  forecast: [
    {
      id: 'errors',
      role: 'gate',
      words: 'errors: 900 sessions expected, can be proven',
      provable: true,
    },
    {
      id: 'csat',
      role: 'gate',
      words: 'csat: 4 answers expected, cannot be proven',
      provable: false,
    },
  ],
  over: 'the last hour',
};
