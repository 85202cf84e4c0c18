import { logBeta, logBetaTails } from './log-beta.ts';

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

function logEvidence(null_: number, tail: 'lower' | 'upper', sample: LabelSample): number {
  const { candidateBad: c, controlBad: d } = sample;
  const a = weight * null_;
  const b = weight * (1 - null_);
  const after = logBetaTails(null_, a + c, b + d)[tail] + logBeta(a + c, b + d);
  const before = logBetaTails(null_, a, b)[tail] + logBeta(a, b);
  return after - before - c * Math.log(null_) - d * Math.log1p(-null_);
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
