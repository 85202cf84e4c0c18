import type { Slo } from './slo.ts';

/** The evidence that a proof needs, as ln E. */
export interface EvidenceLines {
  readonly green: number;
  readonly red: number;
}

/** How many tests can turn the verdict red: each band, and each comparison where there is a control. */
export function redTests(slo: Slo, compared: boolean): number {
  const comparisons = compared ? slo.metrics.filter(({ compare }) => compare).length : 0;
  return slo.metrics.length + comparisons;
}

/**
 * Going red takes one test, so all that can turn red share alpha (Bonferroni). Going green takes all
 * gates, so a false green of the verdict needs a false green of the one that is truly bad: each gate
 * may use the whole of alpha.
 */
export function evidenceLines(slo: Slo, compared: boolean): EvidenceLines {
  return {
    green: Math.log(1 / slo.alpha),
    red: Math.log(redTests(slo, compared) / slo.alpha),
  };
}
