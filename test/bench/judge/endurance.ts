import { addCounts, type Counts, countsBetween, noCounts } from '../../../src/judge/counters.ts';
import {
  addValues,
  empiricalBernsteinInterval,
  noValues,
} from '../../../src/judge/mean-sequence.ts';
import { shownQuantiles } from '../../../src/judge/quantile-interval.ts';
import type { Slo } from '../../../src/judge/slo.ts';
import { judge } from '../../../src/judge/verdict.ts';
import type { CohortCounters, EndpointCounters } from '../../../src/services/metrics/metrics.ts';
import type { Random } from './random.ts';

/** What ten million observations cost. Times in milliseconds, memory in bytes. */
export interface Endurance {
  readonly observations: number;
  readonly grown: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

const bounds = [100, 300, 400, 450, 500, 600, 650, 700, Number.POSITIVE_INFINITY];

/** Counters of a process that has answered so much: every endpoint alike, one in 250 slow or failed. */
function counters(slo: Slo, sessions: number, bad: number): CohortCounters {
  const paths = slo.metrics.flatMap((metric) => ('endpoint' in metric ? [metric.endpoint] : []));
  const of: EndpointCounters = {
    requests: sessions,
    errors: bad,
    latency: bounds.map((leMs) => ({ leMs, count: leMs > 650 ? sessions : sessions - bad })),
    sessions: {
      n: sessions,
      bad,
      slow: bounds.map((overMs) => ({ overMs, n: overMs > 650 ? 0 : bad })),
    },
  };
  return {
    at: 0,
    epoch: '1',
    endpoints: Object.fromEntries(paths.map((path) => [path, of])),
    sessions: { n: sessions, bad },
    csat: { great: sessions - bad, needsFollowUp: bad },
  };
}

function used(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** One look, as the canary gate takes it. */
function look(slo: Slo, counts: Counts) {
  const began = performance.now();
  const judged = judge(slo, counts, counts);
  const products = counts.endpoints['/api/concierge/products'];
  if (products !== undefined) shownQuantiles(products.latency);
  return { ms: performance.now() - began, judged };
}

/** Feeds ten million observations in ten thousand looks and judges at every tenth of them. */
export function endure(slo: Slo, random: Random): Endurance {
  const perLook = 1_000;
  const all = 10_000;
  let last = counters(slo, 0, 0);
  let counts = noCounts;
  let bad = 0;
  let means = noValues({ low: 0, high: 1 });
  let before = 0;
  const times = new Float64Array(all / 10);
  for (let at = 1; at <= all; at += 1) {
    const more = random.binomial(perLook, 0.004);
    bad += more;
    const now = counters(slo, at * perLook, bad);
    counts = addCounts(counts, countsBetween(last, now));
    last = now;
    means = addValues(means, { n: perLook, sum: more, sumOfSquares: more });
    if (at % 10 === 0) times[at / 10 - 1] = look(slo, counts).ms;
    if (at === all / 10) before = used();
  }
  const grown = used() - before;
  empiricalBernsteinInterval(means, { alpha: 0.05, tunedFor: 1_000 });
  const sorted = times.toSorted();
  return {
    observations: counts.sessions.n,
    grown,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    slowestMs: sorted.at(-1) ?? Number.NaN,
  };
}
