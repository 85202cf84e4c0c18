import type { JsonObject } from '../../base/json.ts';
import { formatShare } from '../../judge/words.ts';
import type { CheckResult } from '../check.ts';
import { boundsText, changeText, judgeKpi, type KpiChange, type KpiRules } from './kpi.ts';
import type { KpiSample } from './kpi-sample.ts';

/** `450 of 3000 (15 %)` */
function sampleText({ hits, n }: KpiSample): string {
  return `${hits} of ${n}${n === 0 ? '' : ` (${formatShare(hits / n)})`}`;
}

function expectation(before: KpiSample, rules: KpiRules): string {
  const was = before.n === 0 ? 'none' : formatShare(before.hits / before.n);
  const word = rules.worse === 'higher' ? 'rise' : 'drop';
  const within = formatShare(rules.healthyWithin);
  return `baseline ${was} +-${within}; a proven ${word} over ${formatShare(rules.rollbackBeyond)} rolls back`;
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** What ticket and release notes are made from: both sides, the change, its bounds. */
function evidenceOf(judged: KpiChange, now: KpiSample, before: KpiSample): JsonObject {
  return {
    now: { ...now },
    baseline: { ...before },
    change: judged.change,
    low: finite(judged.low),
    high: finite(judged.high),
    unusual: judged.unusual,
    note: judged.note,
  };
}

/** A KPI as a check result. */
export function kpiResult(
  name: Pick<CheckResult, 'id' | 'title'>,
  now: KpiSample,
  before: KpiSample,
  rules: KpiRules,
): CheckResult {
  const judged = judgeKpi(now, before, rules);
  const change =
    judged.change === null ? '' : `, ${changeText(judged.change)} (${boundsText(judged)})`;
  return {
    ...name,
    status: judged.status,
    expected: expectation(before, rules),
    observed: `${sampleText(now)}${change}: ${judged.note}`,
    n: now.n,
    ...(judged.status === 'pass'
      ? {}
      : { remedy: 'Let the owner of the KPI look at the funnel of this build before going on.' }),
    evidence: evidenceOf(judged, now, before),
  };
}
