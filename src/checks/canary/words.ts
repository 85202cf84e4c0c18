import { formatDuration } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';
import type { SloMetric } from '../../judge/slo.ts';
import type { MetricJudgement } from '../../judge/verdict.ts';
import { formatEvidence, formatInterval, formatSample, formatShare } from '../../judge/words.ts';
import type { WatchState } from './watch.ts';

/** What the samples of a metric are. */
function unitOf(metric: SloMetric): string {
  switch (metric.measure) {
    case 'session-errors':
      return 'sessions';
    case 'csat-negative':
      return 'answers';
    case 'latency':
      return `requests slower than ${metric.green} ms`;
    case 'availability':
      return 'requests failed';
  }
}

/** What a metric must show, as the plan words it. */
export function expectationOf(metric: SloMetric): string {
  switch (metric.measure) {
    case 'session-errors':
      return `below ${formatShare(metric.green)} of sessions with a 5xx`;
    case 'csat-negative':
      return `below ${formatShare(metric.green)} negative answers`;
    case 'latency':
      return `p${metric.quantile * 100} within ${metric.green} ms`;
    case 'availability':
      return `at least ${formatShare(metric.green)} available`;
  }
}

function lineOf(metric: SloMetric, color: 'green' | 'red'): string {
  const line = (color === 'red' ? metric.red : metric.green) ?? metric.green;
  switch (metric.measure) {
    case 'latency':
      return `${line} ms`;
    case 'availability':
      return formatShare(1 - line);
    default:
      return formatShare(line);
  }
}

function redSample({ metric, sample }: MetricJudgement): string {
  const unit =
    metric.measure === 'latency'
      ? `requests slower than ${metric.red ?? metric.green} ms`
      : unitOf(metric);
  return formatSample(sample.red, unit);
}

function proof(word: string, metric: SloMetric, logE: number, logNeeded: number): string {
  const side = word === 'below' ? 'green' : 'red';
  const what =
    metric.measure === 'latency'
      ? `p${metric.quantile * 100} ${word} ${lineOf(metric, side)}`
      : `${word} ${lineOf(metric, side)}`;
  return `proven ${what} (E = ${formatEvidence(logE)} >= ${formatEvidence(logNeeded)})`;
}

/** How one metric stands, in one line. */
export function observedOf(judged: MetricJudgement): string {
  const { metric, band, sample, comparison, logGreen, logRed } = judged;
  if (judged.problem !== null) return judged.problem;
  const seen = formatSample(sample.green, unitOf(metric));
  if (logRed >= judged.logRedNeeded && band === 'red') {
    return `${redSample(judged)}, ${proof('above', metric, logRed, judged.logRedNeeded)}`;
  }
  if (comparison?.red === true) {
    const { candidate, control, logWorse } = comparison;
    const pair = `${formatSample(candidate, unitOf(metric))} against ${formatSample(control, unitOf(metric))} of the stable build`;
    return `${pair}, proven worse (E = ${formatEvidence(logWorse)} >= ${formatEvidence(judged.logRedNeeded)})`;
  }
  if (band === 'green') {
    return `${seen}, ${proof('below', metric, logGreen, judged.logGreenNeeded)}`;
  }
  if (sample.green.n === 0) return 'no samples';
  const evidence = `E = ${formatEvidence(logGreen)} of ${formatEvidence(judged.logGreenNeeded)}`;
  return `${seen}, ${formatInterval(sample.green)}, not proven (${evidence})`;
}

/** How long until green at the traffic so far; null when that cannot be said. */
export function etaMs(judged: MetricJudgement, elapsedMs: number): number | null {
  const { n } = judged.sample.green;
  if (judged.toGreen === null || n === 0 || elapsedMs === 0) return null;
  return Math.ceil((judged.toGreen * elapsedMs) / n);
}

/** Evidence above this adds nothing, and JSON has no infinity. */
const largestEvidence = 1e12;

function metricData(judged: MetricJudgement, elapsedMs: number): JsonObject {
  const evidence = Math.min(Math.exp(judged.logGreen), largestEvidence);
  return {
    title: judged.metric.title,
    role: judged.metric.role,
    band: judged.band,
    n: judged.sample.green.n,
    bad: judged.sample.green.bad,
    evidence,
    evidenceNeeded: Math.round(Math.exp(judged.logGreenNeeded)),
    evidenceAgainst: Math.min(Math.exp(judged.logRed), largestEvidence),
    evidenceAgainstNeeded: Math.round(Math.exp(judged.logRedNeeded)),
    toGreen: judged.toGreen,
    etaMs: etaMs(judged, elapsedMs),
  };
}

/** A look as data: for the journal and for whoever draws it. */
export function lookData(state: WatchState): JsonObject {
  const { judgement, elapsedMs } = state;
  return {
    band: judgement.band,
    elapsedMs,
    extended: state.extended,
    failures: state.failures,
    readings: state.readings,
    requests: judgement.requests.n,
    errors: judgement.requests.bad,
    metrics: Object.fromEntries(
      judgement.metrics.map((judged) => [judged.metric.id, metricData(judged, elapsedMs)]),
    ),
  };
}

/** A look in one line: each gate, and what is missing. */
export function lookText(state: WatchState): string {
  const { judgement, failures, lastFailure, elapsedMs } = state;
  if (failures > 0) return `not measured ${failures} times in a row: ${lastFailure ?? 'unknown'}`;
  const gates = judgement.metrics.filter(({ metric }) => metric.role === 'gate');
  const parts = gates.map((judged) => {
    const { bad, n } = judged.sample.green;
    const eta = etaMs(judged, elapsedMs);
    const left = eta === null || eta === 0 ? '' : `, about ${formatDuration(eta)} to go`;
    return `${judged.metric.id} ${judged.band} ${bad}/${n}${judged.band === 'amber' ? left : ''}`;
  });
  return parts.join(' | ');
}
