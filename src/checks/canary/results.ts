import { formatDuration } from '../../base/duration.ts';
import { failuresToAmber } from '../../judge/states.ts';
import type { WatchState } from '../../judge/watching.ts';
import { formatShare } from '../../judge/words.ts';
import { crashResult } from '../candidate-slot.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { driftResult } from './flag-drift.ts';
import { type Forecast, forecastData, unprovable } from './forecast.ts';
import { stateData } from './look-data.ts';
import { isUnjudged, metricResult, metricStatus } from './metric-result.ts';
import type { WatchPlan } from './plan.ts';
import type { WatchEnd } from './watch.ts';

export { metricResult } from './metric-result.ts';

/** What the verdict of a watch is held against. */
export function aboutOf({ name }: WatchPlan): Pick<CheckResult, 'id' | 'title' | 'expected'> {
  return { ...name, expected: 'every gate metric proven green, nothing red' };
}

function overallStatus({ verdict, health, drift, judgement }: WatchState): CheckStatus {
  if (verdict.state === 'red') return 'fail';
  if (drift !== null) return 'inconclusive';
  if (verdict.state === 'green') return 'pass';
  if (health.failures >= failuresToAmber || health.readings === 0) return 'error';
  const unmeasured = judgement.metrics.some((judged) => metricStatus(judged) === 'error');
  return unmeasured ? 'error' : 'inconclusive';
}

function controlWords({ controlProblem }: WatchState, { noControl }: WatchPlan): string[] {
  if (noControl !== null) return [noControl];
  return controlProblem === null ? [] : [`not compared with the control: ${controlProblem}`];
}

function foreseenWords(state: WatchState, forecast: Forecast | null): string[] {
  const cannot = forecast === null || state.verdict.state === 'green' ? [] : unprovable(forecast);
  const ids = cannot.map(({ metric }) => metric.id).join(', ');
  return ids === '' ? [] : [`foreseen: this window cannot prove ${ids}`];
}

function overallObserved(
  state: WatchState,
  plan: WatchPlan,
  forecast: Forecast | null,
): readonly string[] {
  const { requests, metrics, split } = state.judgement;
  const unjudged = metrics.filter(isUnjudged).map(({ metric }) => metric.id);
  const rate =
    requests.n === 0 ? '' : `, request error rate ${formatShare(requests.bad / requests.n)}`;
  const extended = state.extended ? ' (extended)' : '';
  return [
    ...(state.drift === null ? [] : [`ended early: the flag was edited: ${state.drift}`]),
    ...state.verdict.why,
    `${requests.n} requests in ${formatDuration(state.elapsedMs)}${extended}${rate}`,
    ...(unjudged.length === 0 ? [] : [`not judged: ${unjudged.join(', ')}`]),
    ...(split === undefined || split.mismatch ? [] : [`split: ${split.words}`]),
    ...controlWords(state, plan),
    ...foreseenWords(state, forecast),
  ];
}

const remedies: Partial<Record<CheckStatus, string>> = {
  fail: 'The candidate is not fit for customers: roll back.',
  inconclusive: 'Not enough evidence either way: repeat the watch, or let the owner decide.',
  error: 'Make the metrics reachable (`aurora doctor`), then repeat the watch.',
};

function verdictResult(state: WatchState, plan: WatchPlan, forecast: Forecast | null): CheckResult {
  const status = overallStatus(state);
  const remedy = remedies[status];
  const compared = state.judgement.metrics.some(({ comparison }) => comparison !== null);
  return {
    ...aboutOf(plan),
    status,
    observed: overallObserved(state, plan, forecast).join('; '),
    n: state.judgement.requests.n,
    band: status === 'fail' ? 'red' : status === 'pass' ? 'green' : 'amber',
    ...(state.judgement.catastrophe ? { catastrophe: true } : {}),
    ...(remedy === undefined ? {} : { remedy }),
    evidence: {
      ...stateData(state, plan),
      comparedWithControl: compared,
      ...(forecast === null ? {} : forecastData(forecast)),
    },
  };
}

/** The results of a watch: the verdict first, then the flag where it was edited, then every metric. Pure. */
export function watchResults(
  { state, crash }: WatchEnd,
  plan: WatchPlan,
  forecast: Forecast | null,
): readonly CheckResult[] {
  const { name, flag } = plan;
  const metrics = state.judgement.metrics.map((judged) => metricResult(judged, name.id, state));
  if (crash !== null) return [crashResult(aboutOf(plan), crash), ...metrics];
  const verdict = verdictResult(state, plan, forecast);
  const isUnseen = verdict.status === 'error' && state.unread !== null;
  return [
    verdict,
    ...(flag === null || state.drift === null ? [] : [driftResult(flag, state.drift, name.id)]),
    // What could not be seen must not look judged.
    ...(isUnseen ? metrics.map((result) => unseen(result, state.unread)) : metrics),
  ];
}

/** Guards too: what was not measured is an error, and an error is never a pass. */
function unseen(result: CheckResult, reason: string | null): CheckResult {
  const { observed, status, ...rest } = result;
  const failed = status === 'fail';
  return {
    ...rest,
    status: failed ? 'fail' : 'error',
    band: failed ? 'red' : 'amber',
    observed: `${observed}; then not measured: ${reason ?? 'unknown'}`,
  };
}
