import { formatDuration } from '../../base/duration.ts';
import { bucketQuantile, quantileWords } from '../../judge/quantile-interval.ts';
import { type SloMetric, unitOf } from '../../judge/slo.ts';
import type { MetricJudgement } from '../../judge/verdict.ts';
import type { WatchState } from '../../judge/watching.ts';
import { formatEvidence, formatInterval, formatSample, formatShare } from '../../judge/words.ts';
import { etaMs, limitText } from './metric-data.ts';

/** What a bad sample of a metric is: `sessions slower than 300 ms`. */
function badWords(metric: SloMetric, line: 'green' | 'red' = 'green'): string {
  const unit = unitOf(metric);
  switch (metric.measure) {
    case 'session-errors':
    case 'csat-negative':
      return unit;
    case 'latency':
      return `${unit} slower than ${limitText(metric, line)}`;
    case 'availability':
      return `${unit} failed`;
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

function proof(word: string, metric: SloMetric, logE: number, logNeeded: number): string {
  const line = limitText(metric, word === 'below' ? 'green' : 'red');
  const what =
    metric.measure === 'latency' ? `p${metric.quantile * 100} ${word} ${line}` : `${word} ${line}`;
  return `proven ${what} (E = ${formatEvidence(logE)} >= ${formatEvidence(logNeeded)})`;
}

/** What the samples came to. */
function provenWords(judged: MetricJudgement): string {
  const { metric, band, sample, comparison, logGreen, logRed } = judged;
  const { logGreenNeeded, logRedNeeded } = judged;
  const seen = formatSample(sample.green, badWords(metric));
  if (logRed >= logRedNeeded && band === 'red') {
    const red = formatSample(sample.red, badWords(metric, 'red'));
    return `${red}, ${proof('above', metric, logRed, logRedNeeded)}`;
  }
  if (comparison?.red === true) {
    const worse = `E = ${formatEvidence(comparison.logWorse)} >= ${formatEvidence(logRedNeeded)}`;
    return `${formatSample(comparison.candidate, badWords(metric))}, proven worse than the stable build (${worse})`;
  }
  const interval = `${seen}, ${formatInterval(sample.green)}`;
  if (band === 'green') return `${interval}, ${proof('below', metric, logGreen, logGreenNeeded)}`;
  if (sample.green.n === 0) return 'no samples';
  const evidence = `E = ${formatEvidence(logGreen)} of ${formatEvidence(logGreenNeeded)}`;
  return `${interval}, not proven (${evidence})`;
}

function controlWords({ metric, comparison }: MetricJudgement): string[] {
  if (comparison === null) return [];
  const mistrusted = comparison.mistrusted === true ? ', not compared: the split is broken' : '';
  return [`stable build: ${formatSample(comparison.control, badWords(metric))}${mistrusted}`];
}

function latencyWords({ metric }: MetricJudgement, state: Pick<WatchState, 'counts'>): string[] {
  if (metric.measure !== 'latency') return [];
  const buckets = state.counts.endpoints[metric.endpoint]?.latency ?? [];
  if (buckets.length === 0) return [];
  const quantile = bucketQuantile(buckets, metric.quantile);
  return [`of all requests ${quantileWords(`p${metric.quantile * 100}`, quantile)}`];
}

/**
 * How one metric stands, in one line: samples, interval and evidence, then what was seen beside them.
 * Without the state of a watch only the former.
 */
export function observedOf(judged: MetricJudgement, state?: Pick<WatchState, 'counts'>): string {
  if (judged.problem !== null) return judged.problem;
  const { probes } = judged;
  return [
    provenWords(judged),
    ...(probes === undefined || probes.n === 0 ? [] : [`of which ${probes.n} probes of aurora`]),
    ...controlWords(judged),
    ...(state === undefined ? [] : latencyWords(judged, state)),
  ].join('; ');
}

function gateText(judged: MetricJudgement, { countedMs }: WatchState): string {
  const { bad, n } = judged.sample.green;
  const eta = etaMs(judged, countedMs);
  const left = eta === null || eta === 0 ? '' : `, about ${formatDuration(eta)} to go`;
  return `${judged.metric.id} ${judged.band} ${bad}/${n}${judged.band === 'amber' ? left : ''}`;
}

/** A look in one line: each gate, and what is missing. */
export function lookText(state: WatchState, probeProblem: string | null = null): string {
  const { judgement, health, drift, flagProblem, controlProblem, unread } = state;
  if (drift !== null) return `the flag was edited: ${drift}`;
  if (unread !== null) return `not measured ${health.failures} times in a row: ${unread}`;
  const gates = judgement.metrics.filter(({ metric }) => metric.role === 'gate');
  const remarks = [
    ...(judgement.split?.mismatch === true ? [judgement.split.words] : []),
    ...(controlProblem === null ? [] : [`not compared: ${controlProblem}`]),
    ...(flagProblem === null ? [] : [`the flag could not be read: ${flagProblem}`]),
    ...(probeProblem === null ? [] : [`no probes: ${probeProblem}`]),
  ];
  return [...gates.map((judged) => gateText(judged, state)), ...remarks].join(' | ');
}
