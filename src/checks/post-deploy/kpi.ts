import { ratioInterval } from '../../judge/wilson.ts';
import { formatShare } from '../../judge/words.ts';
import type { CheckResult, CheckStatus } from '../check.ts';

/** A share of good outcomes: capsules of shown products, satisfied of all answers. */
export interface GoodShare {
  readonly good: number;
  readonly n: number;
}

/** What a change of a KPI means. */
export interface KpiRules {
  readonly healthyWithin: number;
  readonly rollbackBeyond: number;
  readonly minSamples: number;
}

/** A KPI now against its baseline. */
export interface KpiChange {
  readonly status: CheckStatus;
  /** now / before - 1; null when it cannot be said. */
  readonly change: number | null;
  /** One-sided 95 % bounds of the change. */
  readonly low: number;
  readonly high: number;
  readonly note: string;
}

const percent = (change: number) => `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;

function band(change: number, high: number, rules: KpiRules): Pick<KpiChange, 'status' | 'note'> {
  const { healthyWithin, rollbackBeyond } = rules;
  if (high < -rollbackBeyond) {
    return { status: 'fail', note: `drop of more than ${formatShare(rollbackBeyond)} proven` };
  }
  if (change < -rollbackBeyond) {
    return {
      status: 'inconclusive',
      note: `drop of more than ${formatShare(rollbackBeyond)}, not proven`,
    };
  }
  if (change < -healthyWithin) {
    return { status: 'inconclusive', note: `outside +-${formatShare(healthyWithin)}: investigate` };
  }
  if (change > healthyWithin) {
    return { status: 'pass', note: `unusual: better by more than ${formatShare(healthyWithin)}` };
  }
  return { status: 'pass', note: `within +-${formatShare(healthyWithin)}` };
}

/**
 * Judges a KPI against its baseline. A drop counts as proven when the one-sided 95 % bound of the
 * ratio, with the uncertainty of both sides, lies beyond the limit.
 */
export function judgeKpi(now: GoodShare, before: GoodShare, rules: KpiRules): KpiChange {
  if (now.n < rules.minSamples || before.n === 0 || before.good === 0) {
    const note = `too few samples: ${now.n} of ${rules.minSamples}`;
    return { status: 'inconclusive', change: null, low: -1, high: Number.POSITIVE_INFINITY, note };
  }
  const ratio = ratioInterval({ bad: now.good, n: now.n }, { bad: before.good, n: before.n });
  const change = now.good / now.n / (before.good / before.n) - 1;
  const bounds = { low: ratio.low - 1, high: ratio.high - 1 };
  return { ...band(change, bounds.high, rules), change, ...bounds };
}

/** A KPI as a check result. */
export function kpiResult(
  name: Pick<CheckResult, 'id' | 'title'>,
  now: GoodShare,
  before: GoodShare,
  rules: KpiRules,
): CheckResult {
  const judged = judgeKpi(now, before, rules);
  const shares = `${now.good} of ${now.n}${now.n === 0 ? '' : ` (${formatShare(now.good / now.n)})`}`;
  const base = before.n === 0 ? 'none' : formatShare(before.good / before.n);
  const change =
    judged.change === null
      ? ''
      : `, ${percent(judged.change)} (${percent(judged.low)} to ${percent(judged.high)})`;
  return {
    ...name,
    status: judged.status,
    expected: `baseline ${base} +-${formatShare(rules.healthyWithin)}; a proven drop over ${formatShare(rules.rollbackBeyond)} rolls back`,
    observed: `${shares}${change}: ${judged.note}`,
    n: now.n,
    ...(judged.status === 'pass'
      ? {}
      : { remedy: 'Let the owner of the KPI look at the funnel of this build before going on.' }),
    evidence: {
      now: { ...now },
      baseline: { ...before },
      change: judged.change,
      unusual: judged.status === 'pass' && (judged.change ?? 0) > rules.healthyWithin,
    },
  };
}
