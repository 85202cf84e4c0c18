import { formatDuration } from '../../base/duration.ts';
import type { MetricJudgement } from '../../judge/verdict.ts';
import { formatSample, formatShare } from '../../judge/words.ts';
import { crashResult } from '../candidate-slot.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { failuresToError, type WatchState } from './watch.ts';
import { expectationOf, lookData, observedOf } from './words.ts';

/** Ids and titles of a watch: `canary/errors`, `ramp/errors`. */
export interface WatchName {
  readonly id: string;
  readonly title: string;
}

function metricStatus({ metric, band, problem }: MetricJudgement): CheckStatus {
  if (band === 'red') return 'fail';
  // A guard can stop a release; it never holds one because it could not be judged.
  if (metric.role === 'guard') return 'pass';
  if (problem !== null) return 'error';
  return band === 'green' ? 'pass' : 'inconclusive';
}

function remedyOf(judged: MetricJudgement, status: CheckStatus): string | undefined {
  if (status === 'fail') return 'Find the cause in the candidate; its build must not go on.';
  if (status === 'error') return 'Check that the build counts this metric with the needed buckets.';
  if (status !== 'inconclusive') return undefined;
  if (judged.toGreen === null) return 'This share is not provably below its limit any more.';
  return `${judged.toGreen} more clean samples would prove it: watch longer, or at a larger share.`;
}

/** One metric as a check result. */
export function metricResult(judged: MetricJudgement, prefix: string): CheckResult {
  const { metric, band } = judged;
  const status = metricStatus(judged);
  const unjudged = metric.role === 'guard' && band === 'amber';
  const remedy = remedyOf(judged, status);
  return {
    id: `${prefix}/${metric.id}`,
    title: metric.title,
    status,
    expected: expectationOf(metric),
    observed: observedOf(judged) + (unjudged ? '; guard: could not be judged, holds nothing' : ''),
    n: judged.sample.green.n,
    band,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function overallStatus(state: WatchState): CheckStatus {
  const { band } = state.judgement;
  if (band === 'red') return 'fail';
  if (state.failures >= failuresToError || state.readings === 0) return 'error';
  if (state.judgement.metrics.some((judged) => metricStatus(judged) === 'error')) return 'error';
  return band === 'green' && state.failures === 0 ? 'pass' : 'inconclusive';
}

function overallObserved(state: WatchState, status: CheckStatus): string {
  const { requests, metrics, catastrophe } = state.judgement;
  if (catastrophe) return `catastrophe: ${formatSample(requests, 'requests')} answered with a 5xx`;
  if (status === 'error' && state.lastFailure !== null) {
    return `not measured: ${state.lastFailure} (${state.failures} times in a row)`;
  }
  const bands = (['red', 'amber'] as const).flatMap((band) => {
    const ids = metrics
      .filter(
        ({ metric, ...judged }) =>
          judged.band === band && (band === 'red' || metric.role === 'gate'),
      )
      .map(({ metric }) => metric.id);
    return ids.length === 0 ? [] : [`${band}: ${ids.join(', ')}`];
  });
  const unjudged = metrics.filter(
    ({ metric, band }) => metric.role === 'guard' && band === 'amber',
  );
  const rate =
    requests.n === 0 ? '' : `, request error rate ${formatShare(requests.bad / requests.n)}`;
  return [
    bands.length === 0 ? 'every gate proven green' : bands.join('; '),
    `${requests.n} requests in ${formatDuration(state.elapsedMs)}${state.extended ? ' (extended)' : ''}${rate}`,
    ...(unjudged.length === 0
      ? []
      : [`not judged: ${unjudged.map(({ metric }) => metric.id).join(', ')}`]),
  ].join('; ');
}

const remedies: Partial<Record<CheckStatus, string>> = {
  fail: 'The candidate is not fit for customers: roll back.',
  inconclusive: 'Not enough evidence either way: repeat the watch, or let the owner decide.',
  error: 'Make the metrics reachable (`aurora doctor`), then repeat the watch.',
};

/** The results of a watch: the verdict first, then every metric. Pure. */
export function watchResults(state: WatchState, name: WatchName): readonly CheckResult[] {
  const what = {
    id: name.id,
    title: name.title,
    expected: 'every gate metric proven green, nothing red',
  };
  const metrics = state.judgement.metrics.map((judged) => metricResult(judged, name.id));
  if (state.crash !== null) return [crashResult(what, state.crash), ...metrics];
  const status = overallStatus(state);
  const remedy = remedies[status];
  const compared = state.judgement.metrics.some(({ comparison }) => comparison !== null);
  return [
    {
      ...what,
      status,
      observed: overallObserved(state, status),
      n: state.judgement.requests.n,
      band: status === 'fail' ? 'red' : status === 'pass' ? 'green' : 'amber',
      ...(state.judgement.catastrophe ? { catastrophe: true } : {}),
      ...(remedy === undefined ? {} : { remedy }),
      evidence: { ...lookData(state), comparedWithControl: compared },
    },
    // What could not be seen must not look judged.
    ...(status === 'error' && state.failures > 0
      ? metrics.map((result) => unseen(result, state.lastFailure))
      : metrics),
  ];
}

function unseen(result: CheckResult, reason: string | null): CheckResult {
  const { observed, ...rest } = result;
  return {
    ...rest,
    status: result.status === 'fail' ? 'fail' : 'error',
    band: result.status === 'fail' ? 'red' : 'amber',
    observed: `${observed}; then not measured: ${reason ?? 'unknown'}`,
  };
}
