import { type BetaMixture, logMixtureEvidence } from './beta-mixture.ts';

/**
 * Is the candidate worse than what customers had? If both are equally bad, each bad one falls into
 * the candidate's cohort with the probability `share`, its part of the measured exposure, however
 * traffic varies (Lindon & Malek, NeurIPS 2022, made one-sided by truncation).
 */
export interface LabelSample {
  /** Bad ones among the candidate's and the control's sessions. */
  readonly candidateBad: number;
  readonly controlBad: number;
  /** The candidate's part of all exposure in the same window, above 0 and below 1. */
  readonly share: number;
}

/** Weight of the mixture, in bad ones. */
const weight = 20;

/** The mixture around a share: as heavy as `weight` bad ones that fell exactly by it. */
export function labelMixture(share: number, side: BetaMixture['side']): BetaMixture {
  return { a: weight * share, b: weight * (1 - share), side };
}

function logEvidence(share: number, side: 'lower' | 'upper', sample: LabelSample): number {
  const { candidateBad, controlBad } = sample;
  return logMixtureEvidence(labelMixture(share, side), share, candidateBad, controlBad);
}

/** ln E for "the candidate is worse than the control". 0 without a bad one on either side. */
export function logEvidenceWorse(sample: LabelSample): number {
  return logEvidence(sample.share, 'upper', sample);
}

/** ln E for "the candidate is not `factor` times worse than the control". */
export function logEvidenceNotWorseThan(factor: number, sample: LabelSample): number {
  const scaled = sample.share * factor;
  return logEvidence(scaled / (scaled + 1 - sample.share), 'lower', sample);
}

/** What is counted when it is good: capsules, conversions. */
export interface GoodSample {
  readonly candidateGood: number;
  readonly controlGood: number;
  readonly share: number;
}

/** ln E for "the candidate has fewer of the good ones than the control": a drop. */
export function logEvidenceDrop({ candidateGood, controlGood, share }: GoodSample): number {
  return logEvidence(share, 'lower', {
    candidateBad: candidateGood,
    controlBad: controlGood,
    share,
  });
}
