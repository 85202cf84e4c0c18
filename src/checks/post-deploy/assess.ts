import type { Sample } from '../../judge/band-test.ts';
import { wilson, z95OneSided } from '../../judge/wilson.ts';
import { formatSample, formatShare } from '../../judge/words.ts';
import type { CheckResult, CheckStatus } from '../check.ts';
import { type Measured, unmeasured } from '../unmeasured.ts';
import { kpiResult } from './kpi-result.ts';
import { type KpiName, kpiNames, type PostDeployList } from './list.ts';
import { assessLog } from './log.ts';
import type { PostDeployObservation } from './measure.ts';
import { assessSlo } from './slo.ts';

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
  share: Sample,
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

const kpiIds: Readonly<Record<KpiName, string>> = {
  capsuleConversion: 'post-deploy/kpi/capsule-conversion',
  negativeCsat: 'post-deploy/kpi/negative-csat',
};

function assessKpi(name: KpiName, list: PostDeployList, seen: PostDeployObservation): CheckResult {
  const { healthyWithin, rollbackBeyond, [name]: rules } = list.kpis;
  const what = { id: kpiIds[name], title: rules.title };
  const { baseline } = seen;
  if ('error' in baseline) return unmeasured({ ...what, expected: asBefore }, baseline.error);
  const { from: begin, to, kpis } = baseline.value;
  return from({ ...what, expected: asBefore }, seen.kpis[name], (now) => {
    const result = kpiResult(what, now, kpis[name], { ...rules, healthyWithin, rollbackBeyond });
    return { ...result, evidence: { ...result.evidence, from: begin, to } };
  });
}

/** All of step 9, from what was measured. Pure. */
export function assessPostDeploy(
  list: PostDeployList,
  seen: PostDeployObservation,
): readonly CheckResult[] {
  return [
    ...assessEvents(list, seen),
    assessCsat(list, seen),
    assessLog(list.log, seen.log),
    assessTickets(list, seen),
    ...kpiNames.map((name) => assessKpi(name, list, seen)),
    ...assessSlo(seen.slo, seen.counts),
  ];
}
