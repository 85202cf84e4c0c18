import { ratioInterval } from '../../judge/wilson.ts';
import { formatShare } from '../../judge/words.ts';
import type { CheckStatus } from '../check.ts';
import { effectiveSample, type KpiSample } from './kpi-sample.ts';
import type { KpiDefinition, PostDeployList } from './list.ts';

/** What a change of a KPI means. */
export type KpiRules = Pick<KpiDefinition, 'worse' | 'investigate' | 'minSamples' | 'floor'> &
  Pick<PostDeployList['kpis'], 'healthyWithin' | 'rollbackBeyond'>;

/** A KPI now against its baseline. */
export interface KpiChange {
  readonly status: CheckStatus;
  /** now / before - 1; null when it cannot be said. */
  readonly change: number | null;
  /** One-sided 95 % bounds of the change, with the uncertainty of both sides. */
  readonly low: number;
  readonly high: number;
  /** Better by more than is healthy: worth a look, no reason to stop. */
  readonly unusual: boolean;
  readonly note: string;
}

const percent = (change: number) =>
  Number.isFinite(change) ? `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %` : 'any';

/** The bounds of a change as people read them: `-8.0 % to +36.1 %`. */
export function boundsText({ low, high }: Pick<KpiChange, 'low' | 'high'>): string {
  return `${percent(low)} to ${percent(high)}`;
}

/** A change as people read it: `+12.3 %`. */
export function changeText(change: number): string {
  return percent(change);
}

/** A change, turned so that more is worse. */
interface Worsening {
  readonly by: number;
  readonly atLeast: number;
  readonly atMost: number;
}

function worsening(change: number, low: number, high: number, rules: KpiRules): Worsening {
  return rules.worse === 'higher'
    ? { by: change, atLeast: low, atMost: high }
    : { by: -change, atLeast: -high, atMost: -low };
}

type Meaning = Pick<KpiChange, 'status' | 'unusual' | 'note'>;

const pass = (note: string, unusual = false): Meaning => ({ status: 'pass', unusual, note });
const hold = (note: string): Meaning => ({ status: 'inconclusive', unusual: false, note });

function meaning(worse: Worsening, rules: KpiRules): Meaning {
  const { healthyWithin, rollbackBeyond } = rules;
  const word = rules.worse === 'higher' ? 'rise' : 'drop';
  const far = `${word} of more than ${formatShare(rollbackBeyond)}`;
  const chanceCounts = rules.investigate === 'when-proven';
  if (worse.atLeast > rollbackBeyond) {
    return { status: 'fail', unusual: false, note: `${far} proven` };
  }
  if (worse.by > rollbackBeyond) return hold(`${far}, not proven`);
  if (worse.by > healthyWithin) {
    return chanceCounts && worse.atLeast <= 0
      ? pass('within chance')
      : hold(`outside +-${formatShare(healthyWithin)}: investigate`);
  }
  if (worse.by < -healthyWithin) {
    return chanceCounts && worse.atMost >= 0
      ? pass('better, within chance')
      : pass(`unusual: better by more than ${formatShare(healthyWithin)}`, true);
  }
  return pass(`within +-${formatShare(healthyWithin)}`);
}

const nothingKnown = { change: null, low: -1, high: Number.POSITIVE_INFINITY } as const;

/**
 * Judges a KPI against its baseline. A change for the worse counts as proven when the one-sided 95 %
 * bound of the ratio, with the uncertainty of both sides, lies beyond the limit.
 */
export function judgeKpi(now: KpiSample, before: KpiSample, rules: KpiRules): KpiChange {
  const { minSamples, floor } = rules;
  if (now.n < minSamples) {
    return { ...nothingKnown, ...hold(`too few samples: ${now.n} of ${minSamples}`) };
  }
  const was = before.n === 0 ? 0 : before.hits / before.n;
  const moved = Math.abs(now.hits / now.n - was);
  const belowFloor = before.n > 0 && moved < floor;
  const small = pass(`moved by less than ${formatShare(floor)} of all`);
  if (was === 0) {
    return {
      ...nothingKnown,
      ...(belowFloor ? small : hold('nothing to compare with: none before')),
    };
  }
  const ratio = ratioInterval(effectiveSample(now), effectiveSample(before));
  const change = now.hits / now.n / was - 1;
  const bounds = { low: ratio.low - 1, high: ratio.high - 1 };
  const worse = worsening(change, bounds.low, bounds.high, rules);
  const said = meaning(worse, rules);
  const matters = said.status !== 'pass' || said.unusual;
  return { ...(matters && belowFloor ? small : said), change, ...bounds };
}
