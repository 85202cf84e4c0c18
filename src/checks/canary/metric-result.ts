import type { MetricJudgement } from '../../judge/verdict.ts';
import type { WatchState } from '../../judge/watching.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { quantilesOf } from './metric-data.ts';
import { expectationOf, observedOf } from './words.ts';

/** A guard can stop a release; it never holds one because it could not be judged. */
export function metricStatus({ metric, band, problem }: MetricJudgement): CheckStatus {
  if (band === 'red') return 'fail';
  if (metric.role === 'guard') return 'pass';
  if (problem !== null) return 'error';
  return band === 'green' ? 'pass' : 'inconclusive';
}

/** A guard of which nothing can be said: it passes, and is named. */
export const isUnjudged = ({ metric, band }: MetricJudgement): boolean =>
  metric.role === 'guard' && band === 'amber';

function remedyOf(judged: MetricJudgement, status: CheckStatus): string | undefined {
  if (status === 'fail') return 'Find the cause in the candidate; its build must not go on.';
  if (status === 'error') return 'Check that the build counts this metric with the needed buckets.';
  if (status !== 'inconclusive') return undefined;
  if (judged.toGreen === null) return 'This share is not provably below its limit any more.';
  return `${judged.toGreen} more clean samples would prove it: watch longer, or at a larger share.`;
}

/** One metric as a check result; with the state of its watch also what was seen beside it. */
export function metricResult(
  judged: MetricJudgement,
  prefix: string,
  state?: Pick<WatchState, 'counts'>,
): CheckResult {
  const { metric, band } = judged;
  const status = metricStatus(judged);
  const remedy = remedyOf(judged, status);
  const quantiles = state === undefined ? {} : quantilesOf(metric, state);
  return {
    id: `${prefix}/${metric.id}`,
    title: metric.title,
    status,
    expected: expectationOf(metric),
    observed:
      observedOf(judged, state) +
      (isUnjudged(judged) ? '; guard: could not be judged, holds nothing' : ''),
    n: judged.sample.green.n,
    band,
    ...(remedy === undefined ? {} : { remedy }),
    ...(Object.keys(quantiles).length === 0 ? {} : { evidence: quantiles }),
  };
}
