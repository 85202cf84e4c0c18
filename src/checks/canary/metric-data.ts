import type { JsonObject } from '../../base/json.ts';
import type { MetricVerdict } from '../../judge/composition.ts';
import { progressOf } from '../../judge/progress.ts';
import { type BucketQuantile, shownQuantiles } from '../../judge/quantile-interval.ts';
import { type SloMetric, unitOf } from '../../judge/slo.ts';
import type { MetricJudgement } from '../../judge/verdict.ts';
import type { WatchState } from '../../judge/watching.ts';
import { wilson } from '../../judge/wilson.ts';
import { formatShare } from '../../judge/words.ts';

/** A line of a metric for people: `300 ms`; of everything else the share of bad ones, `0.5 %`. */
export function limitText(metric: SloMetric, line: 'green' | 'red' = 'green'): string {
  const limit = (line === 'red' ? metric.red : metric.green) ?? metric.green;
  switch (metric.measure) {
    case 'latency':
      return `${limit} ms`;
    case 'availability':
      return formatShare(1 - limit);
    default:
      return formatShare(limit);
  }
}

/** How long until green at the traffic so far, if all is clean; null when that cannot be said. */
export function etaMs(judged: MetricJudgement, countedMs: number): number | null {
  return progressOf(judged, countedMs).earliestMs;
}

/** Evidence above this adds nothing, and JSON has no infinity. */
const largestEvidence = 1e12;
const evidenceOf = (logE: number) => rounded(Math.min(Math.exp(logE), largestEvidence));

/** Six digits: nobody reads more, and a journal holds many looks. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function boundsOf({ n, interval: { low, high } }: BucketQuantile) {
  const open = high === Number.POSITIVE_INFINITY;
  return n === 0 || (open && low === 0) ? null : [low, open ? null : high];
}

/** p50, p95 and p99 of the requests, each as its 95 % interval in milliseconds. */
export function quantilesOf(metric: SloMetric, { counts }: Pick<WatchState, 'counts'>): JsonObject {
  if (metric.measure !== 'latency') return {};
  const { p50, p95, p99 } = shownQuantiles(counts.endpoints[metric.endpoint]?.latency ?? []);
  return { quantiles: { p50: boundsOf(p50), p95: boundsOf(p95), p99: boundsOf(p99) } };
}

/** One metric of a look as data. Shares between 0 and 1, times in milliseconds. */
export function metricData(
  judged: MetricJudgement,
  verdict: MetricVerdict | undefined,
  state: WatchState,
): JsonObject {
  const { metric, sample, comparison } = judged;
  const { bad, n } = sample.green;
  const { low, high } = wilson(sample.green);
  const progress = progressOf(judged, state.countedMs);
  return {
    title: metric.title,
    role: metric.role,
    state: verdict?.state ?? 'pending',
    why: verdict?.why ?? '',
    band: judged.band,
    n,
    bad,
    unit: unitOf(metric),
    limit: limitText(metric),
    rate: n === 0 ? null : rounded(bad / n),
    low: rounded(low),
    high: rounded(high),
    done: rounded(progress.done),
    evidence: evidenceOf(judged.logGreen),
    evidenceNeeded: Math.round(Math.exp(judged.logGreenNeeded)),
    evidenceAgainst: evidenceOf(Math.max(judged.logRed, comparison?.logWorse ?? judged.logRed)),
    evidenceAgainstNeeded: Math.round(Math.exp(judged.logRedNeeded)),
    toGreen: judged.toGreen,
    etaMs: progress.earliestMs,
    earliestMs: progress.earliestMs,
    expectedMs: progress.expectedMs,
    probes: judged.probes?.n ?? 0,
    control: comparison === null ? null : { n: comparison.control.n, bad: comparison.control.bad },
    ...quantilesOf(metric, state),
  };
}
