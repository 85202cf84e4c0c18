import type { Band } from '../checks/check.ts';
import { evidenceLines } from './alpha-split.ts';
import { cleanSamplesToGreen, logEvidenceAbove, logEvidenceBelow } from './band-test.ts';
import { type Comparison, compareMetric } from './comparison.ts';
import { type Counts, totalRequests } from './counters.ts';
import type { ProbeSample, Probes } from './probes.ts';
import { type MetricSample, sampleOf, weighed, withProbes } from './samples.ts';
import { limitsOf, type Slo, type SloMetric } from './slo.ts';
import { type Assignment, judgeSplit, type SplitJudgement } from './split-test.ts';

export type { Comparison } from './comparison.ts';

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
  /** Those of the samples that are aurora's own requests. */
  readonly probes?: ProbeSample;
  /** `nonInferiority: required` and not proven: holds the metric even when its band is proven. */
  readonly lacksNonInferiority?: boolean;
}

/** One verdict over all metrics. */
export interface Judgement {
  readonly band: Band;
  readonly catastrophe: boolean;
  readonly requests: { readonly n: number; readonly bad: number };
  readonly metrics: readonly MetricJudgement[];
  /** Whether customers were split as configured, where the assignment was given. */
  readonly split?: SplitJudgement;
}

/** What else is known of a canary. */
export interface JudgeOptions {
  /** Sessions put into each cohort, to see whether the split is as configured. */
  readonly assignment?: Assignment;
  /**
   * There is a control, though it could not be read this time (`control` is null): alpha is split as
   * before, and where `nonInferiority` is required its lack holds.
   */
  readonly controlMissing?: boolean;
  /** All answers of this watch to aurora's own requests, by metric; unused without a `probe` there. */
  readonly probes?: Probes;
}

interface Rules {
  readonly green: number;
  readonly red: number;
  readonly controlExpected: boolean;
  readonly splitIsBroken: boolean;
  readonly probes: Probes;
}

/** A first launch has nobody to be compared with; a control that was not read is another matter. */
function lacksNonInferiority(
  metric: SloMetric,
  comparison: Comparison | null,
  { controlExpected }: Rules,
): boolean {
  return metric.nonInferiority === 'required' && controlExpected && comparison?.green !== true;
}

/** Clean samples to go, in the unit that is counted; null when out of reach. */
function samplesToGreen(limit: number, logNeeded: number, sample: MetricSample): number | null {
  const clean = cleanSamplesToGreen(limit, Math.exp(-logNeeded), weighed(sample, sample.green));
  return clean === null ? null : Math.ceil(clean * (sample.perSession ?? 1));
}

function judgeMetric(
  metric: SloMetric,
  counts: Counts,
  control: Counts | null,
  needed: Rules,
): MetricJudgement {
  const found = sampleOf(metric, counts);
  const problem = 'problem' in found ? found.problem : null;
  const none = { bad: 0, n: 0 };
  const customers = 'problem' in found ? { green: none, red: none } : found;
  const probes = problem === null ? probesOf(metric, needed.probes) : undefined;
  const sample = withProbes(customers, probes);
  const limits = limitsOf(metric);
  const evidence = { green: weighed(sample, sample.green), red: weighed(sample, sample.red) };
  const logGreen = logEvidenceBelow(limits.green, evidence.green);
  const logRed = logEvidenceAbove(limits.red, evidence.red);
  const comparison = compareMetric(metric, customers.green, control, {
    logRedNeeded: needed.red,
    logGreenNeeded: needed.green,
    splitIsBroken: needed.splitIsBroken,
  });
  const enough = problem === null && sample.green.n >= metric.minSamples;
  const red = (enough && logRed >= needed.red) || comparison?.red === true;
  const lacking = lacksNonInferiority(metric, comparison, needed);
  const green = enough && logGreen >= needed.green && !lacking;
  const clean = samplesToGreen(limits.green, needed.green, sample);
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
    ...(probes === undefined ? {} : { probes }),
    ...(lacking ? { lacksNonInferiority: true } : {}),
  };
}

/** Only of a metric that asks for them: a recording may be judged by another policy. */
function probesOf(metric: SloMetric, probes: Probes): ProbeSample | undefined {
  return 'probe' in metric && metric.probe !== undefined ? probes[metric.id] : undefined;
}

/** So many failures that no statistics are needed. */
function isCatastrophe(slo: Slo, { n, bad }: { n: number; bad: number }): boolean {
  return n >= slo.catastrophe.minRequests && bad >= slo.catastrophe.errorShare * n;
}

/**
 * Red when one metric is proven over its red line or worse than the control; green when every gate
 * is proven inside its green band and nothing is red; else amber. `control` is null where there is
 * no stable build to compare with: then the bands alone decide. A broken split makes a comparison
 * worthless and cannot be green, but is no fault of the candidate. Never changes anything.
 */
export function judge(
  slo: Slo,
  counts: Counts,
  control: Counts | null,
  options: JudgeOptions = {},
): Judgement {
  const controlExpected = control !== null || options.controlMissing === true;
  const split = options.assignment === undefined ? null : judgeSplit(options.assignment);
  const rules = {
    ...evidenceLines(slo, controlExpected),
    controlExpected,
    splitIsBroken: split?.mismatch === true,
    probes: options.probes ?? {},
  };
  const metrics = slo.metrics.map((metric) => judgeMetric(metric, counts, control, rules));
  const requests = totalRequests(counts);
  const catastrophe = isCatastrophe(slo, requests);
  const red = catastrophe || metrics.some(({ band }) => band === 'red');
  const green =
    !rules.splitIsBroken &&
    metrics.every(({ metric, band }) => metric.role === 'guard' || band === 'green');
  return {
    band: red ? 'red' : green ? 'green' : 'amber',
    catastrophe,
    requests,
    metrics,
    ...(split === null ? {} : { split }),
  };
}
