import type { Band } from '../checks/check.ts';
import { cleanSamplesToGreen, logEvidenceAbove, logEvidenceBelow } from './band-test.ts';
import { type Counts, totalRequests } from './counters.ts';
import { logEvidenceWorse } from './label-test.ts';
import { type MetricSample, sampleOf } from './samples.ts';
import { limitsOf, type Slo, type SloMetric } from './slo.ts';

/** The comparison of one metric with the control. */
export interface Comparison {
  readonly candidate: { readonly bad: number; readonly n: number };
  readonly control: { readonly bad: number; readonly n: number };
  /** ln E for "worse than the control". */
  readonly logWorse: number;
  readonly red: boolean;
}

/** What is known of one metric. Evidence is ln E; `logGreenNeeded` and `logRedNeeded` its lines. */
export interface MetricJudgement {
  readonly metric: SloMetric;
  readonly band: Band;
  readonly sample: MetricSample;
  readonly logGreen: number;
  readonly logRed: number;
  readonly logGreenNeeded: number;
  readonly logRedNeeded: number;
  /** Clean samples until proven green; null when out of reach. */
  readonly toGreen: number | null;
  readonly comparison: Comparison | null;
  /** Set when the counters cannot tell this metric; the band is then amber. */
  readonly problem: string | null;
}

/** One verdict over all metrics. */
export interface Judgement {
  readonly band: Band;
  readonly catastrophe: boolean;
  readonly requests: { readonly n: number; readonly bad: number };
  readonly metrics: readonly MetricJudgement[];
}

/** Every test that can turn red shares alpha; each gate alone must be proven green, at all of it. */
function evidenceLines(slo: Slo, compared: boolean): { green: number; red: number } {
  const comparisons = compared ? slo.metrics.filter(({ compare }) => compare).length : 0;
  const redTests = slo.metrics.length + comparisons;
  return { green: Math.log(1 / slo.alpha), red: Math.log(redTests / slo.alpha) };
}

function compareWith(
  metric: SloMetric,
  candidate: MetricSample,
  control: Counts | null,
  logNeeded: number,
): Comparison | null {
  if (control === null || !metric.compare) return null;
  const other = sampleOf(metric, control);
  if ('problem' in other || other.green.n === 0 || candidate.green.n === 0) return null;
  const logWorse = logEvidenceWorse({
    candidateBad: candidate.green.bad,
    controlBad: other.green.bad,
    share: candidate.green.n / (candidate.green.n + other.green.n),
  });
  const enough = candidate.green.n >= metric.minSamples;
  return {
    candidate: candidate.green,
    control: other.green,
    logWorse,
    red: enough && logWorse >= logNeeded,
  };
}

function judgeMetric(
  metric: SloMetric,
  counts: Counts,
  control: Counts | null,
  needed: { readonly green: number; readonly red: number },
): MetricJudgement {
  const found = sampleOf(metric, counts);
  const problem = 'problem' in found ? found.problem : null;
  const none = { bad: 0, n: 0 };
  const sample = 'problem' in found ? { green: none, red: none } : found;
  const limits = limitsOf(metric);
  const logGreen = logEvidenceBelow(limits.green, sample.green);
  const logRed = logEvidenceAbove(limits.red, sample.red);
  const comparison = compareWith(metric, sample, control, needed.red);
  const enough = problem === null && sample.green.n >= metric.minSamples;
  const red = (enough && logRed >= needed.red) || comparison?.red === true;
  const green = enough && logGreen >= needed.green;
  const clean = cleanSamplesToGreen(limits.green, Math.exp(-needed.green), sample.green);
  return {
    metric,
    band: red ? 'red' : green ? 'green' : 'amber',
    sample,
    logGreen,
    logRed,
    logGreenNeeded: needed.green,
    logRedNeeded: needed.red,
    toGreen: clean === null ? null : Math.max(clean, metric.minSamples - sample.green.n),
    comparison,
    problem,
  };
}

/** So many failures that no statistics are needed. */
function isCatastrophe(slo: Slo, { n, bad }: { n: number; bad: number }): boolean {
  return n >= slo.catastrophe.minRequests && bad >= slo.catastrophe.errorShare * n;
}

/**
 * Red when one metric is proven over its red line or worse than the control; green when every gate
 * is proven inside its green band and nothing is red; else amber. `control` is null where there is
 * no stable build to compare with: then the bands alone decide. Never changes anything.
 */
export function judge(slo: Slo, counts: Counts, control: Counts | null): Judgement {
  const needed = evidenceLines(slo, control !== null);
  const metrics = slo.metrics.map((metric) => judgeMetric(metric, counts, control, needed));
  const requests = totalRequests(counts);
  const catastrophe = isCatastrophe(slo, requests);
  const red = catastrophe || metrics.some(({ band }) => band === 'red');
  const green = metrics.every(({ metric, band }) => metric.role === 'guard' || band === 'green');
  return { band: red ? 'red' : green ? 'green' : 'amber', catastrophe, requests, metrics };
}
