import type { Sample } from './band-test.ts';
import type { Counts } from './counters.ts';
import { logEvidenceNotWorseThan, logEvidenceWorse } from './label-test.ts';
import { sampleOf } from './samples.ts';
import { factorOf, type SloMetric } from './slo.ts';

/** The comparison of one metric with the control. */
export interface Comparison {
  readonly candidate: Sample;
  readonly control: Sample;
  /** ln E for "worse than the control". */
  readonly logWorse: number;
  readonly red: boolean;
  /** ln E for "not `factor` times worse than the control", and whether that is proven. */
  readonly factor?: number;
  readonly logNotWorse?: number;
  readonly green?: boolean;
  /** The split was broken: other customers are compared, so this proves nothing. */
  readonly mistrusted?: boolean;
}

/** What a comparison is made by. */
export interface ComparisonRules {
  readonly logRedNeeded: number;
  readonly logGreenNeeded: number;
  readonly splitIsBroken: boolean;
}

/** The comparison of a metric; null where there is nothing to compare. */
export function compareMetric(
  metric: SloMetric,
  candidate: Sample,
  control: Counts | null,
  rules: ComparisonRules,
): Comparison | null {
  if (control === null || !metric.compare) return null;
  const found = sampleOf(metric, control);
  if ('problem' in found || found.green.n === 0 || candidate.n === 0) return null;
  const other = found.green;
  const sample = {
    candidateBad: candidate.bad,
    controlBad: other.bad,
    share: candidate.n / (candidate.n + other.n),
  };
  const factor = factorOf(metric);
  const logWorse = logEvidenceWorse(sample);
  const logNotWorse = logEvidenceNotWorseThan(factor, sample);
  const counts = candidate.n >= metric.minSamples && !rules.splitIsBroken;
  return {
    candidate,
    control: other,
    logWorse,
    red: counts && logWorse >= rules.logRedNeeded,
    factor,
    logNotWorse,
    green: counts && logNotWorse >= rules.logGreenNeeded,
    ...(rules.splitIsBroken ? { mistrusted: true } : {}),
  };
}
