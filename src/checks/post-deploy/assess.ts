import { judge } from '../../judge/verdict.ts';
import { wilson, z95OneSided } from '../../judge/wilson.ts';
import { formatSample, formatShare } from '../../judge/words.ts';
import { metricResult } from '../canary/results.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { type Measured, unmeasured } from '../unmeasured.ts';
import { kpiResult } from './kpi.ts';
import type { PostDeployList } from './list.ts';
import type { PostDeployObservation } from './measure.ts';

const asBefore = 'as in the seven days before';

type What = Pick<CheckResult, 'id' | 'title' | 'expected'>;

/** A result from a measurement; what was not measured is an error. */
function from<T>(
  what: What,
  measured: Measured<T>,
  assess: (value: T) => CheckResult,
): CheckResult {
  return 'error' in measured ? unmeasured(what, measured.error) : assess(measured.value);
}

function assessEvents(list: PostDeployList, seen: PostDeployObservation): CheckResult[] {
  return list.events.map(({ id, title, query, atLeast }) => {
    const what = { id: `post-deploy/${id}`, title, expected: `at least ${atLeast}` };
    const count = seen.events.get(id) ?? { error: new Error('not asked') };
    return from(what, count, (value) => ({
      ...what,
      status: value >= atLeast ? 'pass' : 'inconclusive',
      observed: `${value} since DEPLOY`,
      n: value,
      ...(value >= atLeast ? {} : { remedy: 'Check that customers come and that events arrive.' }),
      evidence: { query, answer: value },
    }));
  });
}

/** Over the limit is a fail only when that is more than chance; nothing at all says nothing. */
function csatStatus(
  share: { readonly bad: number; readonly n: number },
  { atMost, minSamples }: PostDeployList['negativeCsat'],
): CheckStatus {
  if (share.n < minSamples) return 'inconclusive';
  if (wilson(share, z95OneSided).low > atMost) return 'fail';
  return share.bad > atMost * share.n ? 'inconclusive' : 'pass';
}

function assessCsat(list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { title, query, atMost, minSamples } = list.negativeCsat;
  const what = {
    id: 'post-deploy/negative-csat',
    title,
    expected: `at most ${formatShare(atMost)} of ${minSamples} answers or more`,
  };
  return from(what, seen.csat, (share) => {
    const status = csatStatus(share, list.negativeCsat);
    return {
      ...what,
      status,
      observed: formatSample(share, 'answers'),
      n: share.n,
      ...(status === 'pass' ? {} : { remedy: 'Read the latest answers before going on.' }),
      evidence: { query, bad: share.bad, n: share.n },
    };
  });
}

/** The plan says "should be empty": a single error is a person's to look at, not a rollback. */
function assessLog(list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { title, query } = list.log;
  const what = { id: 'post-deploy/log', title, expected: 'empty' };
  return from(what, seen.log, (window) => {
    // A log in which nothing was asked is not an empty answer, it is no answer.
    const status: CheckStatus =
      window.errors === 0 && window.requests > 0 ? 'pass' : 'inconclusive';
    return {
      ...what,
      status,
      observed: `${window.errors} 5xx of ${window.requests} requests`,
      n: window.requests,
      requestIds: window.errorEntries.map(({ requestId }) => requestId),
      ...(status === 'pass' ? {} : { remedy: 'Look the request ids up in the log, then resume.' }),
      evidence: { query, errorEntries: window.errorEntries.map((entry) => ({ ...entry })) },
    };
  });
}

function assessTickets(list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { title, query, below } = list.tickets;
  const what = { id: 'post-deploy/open-tickets', title, expected: `fewer than ${below}` };
  return from(what, seen.tickets, (open) => ({
    ...what,
    status: open < below ? 'pass' : 'inconclusive',
    observed: `${open} open`,
    n: open,
    ...(open < below ? {} : { remedy: 'Let the support lead work the queue down, then resume.' }),
    evidence: { query, answer: open },
  }));
}

function assessSlo(seen: PostDeployObservation): readonly CheckResult[] {
  const what = { id: 'post-deploy/slo', title: 'SLOs at 100 %', expected: 'every gate green' };
  if ('error' in seen.counters) return [unmeasured(what, seen.counters.error)];
  const { metrics } = judge(seen.slo, seen.counters.value, null);
  return metrics.map((judged) => metricResult(judged, 'post-deploy/slo'));
}

/** Both measurements, or the failure of the first that has one. */
function zip<A, B>(one: Measured<A>, two: Measured<B>): Measured<readonly [A, B]> {
  if ('error' in one) return one;
  return 'error' in two ? two : { value: [one.value, two.value] };
}

function assessConversion(list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { capsuleConversion, csat: _, ...rules } = list.kpis;
  const name = { id: 'post-deploy/kpi/capsule-conversion', title: capsuleConversion.title };
  const asked = zip(seen.baseline, zip(seen.shown, seen.reserved));
  return from({ ...name, expected: asBefore }, asked, ([baseline, [shown, reserved]]) => {
    const before = baseline.capsuleConversion;
    return kpiResult(
      name,
      { good: Math.min(reserved, shown), n: shown },
      { good: Math.min(before.reserved, before.shown), n: before.shown },
      { ...rules, minSamples: capsuleConversion.minSamples },
    );
  });
}

/**
 * Satisfaction, the share of answers that are not negative, is the KPI that can "drop". The negative
 * share itself is small: of 600 answers its own chance moves it by 12 %, so a limit of 10 % on its
 * change would hold every fifth healthy release.
 */
function assessSatisfaction(list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { csat, capsuleConversion: _, ...rules } = list.kpis;
  const name = { id: 'post-deploy/kpi/csat', title: csat.title };
  const asked = zip(seen.baseline, seen.csat);
  return from({ ...name, expected: asBefore }, asked, ([{ csatNegative: before }, now]) =>
    kpiResult(
      name,
      { good: now.n - now.bad, n: now.n },
      { good: before.n - before.bad, n: before.n },
      { ...rules, minSamples: csat.minSamples },
    ),
  );
}

/** All of step 9, from what was measured. Pure. */
export function assessPostDeploy(
  list: PostDeployList,
  seen: PostDeployObservation,
): readonly CheckResult[] {
  return [
    ...assessEvents(list, seen),
    assessCsat(list, seen),
    assessLog(list, seen),
    assessTickets(list, seen),
    assessConversion(list, seen),
    assessSatisfaction(list, seen),
    ...assessSlo(seen),
  ];
}
