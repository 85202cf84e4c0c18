import { evidenceLines } from './alpha-split.ts';
import { cleanSamplesToGreen } from './band-test.ts';
import type { Counts } from './counters.ts';
import { chanceOfGreen, smallestFactorSeen, smallestShareSeen, wouldBeNotWorse } from './power.ts';
import { type MetricSample, sampleOf } from './samples.ts';
import { factorOf, limitsOf, type Slo, type SloMetric } from './slo.ts';

/** What customers did of late, all of them together. */
export interface Traffic {
  readonly counts: Counts;
  readonly durationMs: number;
}

/** The watch that is asked about. */
export interface WatchedWindow {
  readonly windowMs: number;
  /** The candidate's part of the customers, above 0 and at most 1. */
  readonly share: number;
  /** Whether there is a control to compare with. */
  readonly compared: boolean;
  /** How often it is looked at: at each look, aurora's own requests add their samples. */
  readonly looks?: number;
}

/** What this canary can and cannot prove of one metric. Shares are of bad samples. */
export interface MetricForecast {
  readonly metric: SloMetric;
  /** Why nothing can be said: the last traffic did not tell this metric. */
  readonly problem: string | null;
  /** Share of bad samples of late; null without any. */
  readonly rate: number | null;
  /** Samples that the candidate will see, aurora's own requests among them. */
  readonly expected: number;
  /** How many of them are aurora's own requests. */
  readonly probes: number;
  /** Samples until green when all are clean; null when ten million would not do. */
  readonly cleanNeeded: number | null;
  /** Whether it can be proven green in this window at all. */
  readonly provable: boolean;
  /** The chance of that when the candidate is as good as what customers have; null without a rate. */
  readonly chanceOfGreen: number | null;
  /** The smallest share that turns red with a chance of 80 %, and as a multiple of the red line. */
  readonly seenShare: number | null;
  readonly seenMultiple: number | null;
  /** The smallest factor over the control that turns red so; null without comparison or rate. */
  readonly seenFactor: number | null;
  /**
   * Where `nonInferiority` is required: whether an equal candidate would be proven not to be worse by
   * the factor, if all goes as expected. Null where it is not asked for, or cannot be said.
   */
  readonly provesNotWorse: boolean | null;
  /** What would make it provable with a chance of 80 % (all clean: for certain); null when nothing. */
  readonly needs: Remedy | null;
}

/** Either of the two would do alone. */
export interface Remedy {
  readonly samples: number;
  /** At this window; null when even all customers are too few. */
  readonly share: number | null;
  /** At this share; null without traffic. */
  readonly windowMs: number | null;
}

const power = 0.8;
const farthest = 10_000_000;

/** Samples after which a candidate as good as now is proven green with 80 %; null when never. */
function samplesNeeded(limit: number, logNeeded: number, clean: number, rate: number) {
  const likely = (n: number) => chanceOfGreen(limit, logNeeded, n, rate) >= power;
  if (rate >= limit) return null;
  let high = clean;
  while (!likely(high)) {
    if (high > farthest) return null;
    high *= 2;
  }
  let low = high === clean ? clean : high / 2;
  // To a hundredth: traffic is not known any better.
  while (high - low > Math.max(1, high / 100)) {
    const middle = Math.floor((low + high) / 2);
    if (likely(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function remedyOf(
  samples: number | null,
  perWindow: number,
  probes: number,
  window: WatchedWindow,
): Remedy | null {
  if (samples === null) return null;
  // Another share brings more customers only; a longer window brings more looks as well.
  const share = perWindow === 0 ? Number.POSITIVE_INFINITY : (samples - probes) / perWindow;
  const inWindow = perWindow * window.share + probes;
  return {
    samples,
    share: share > 1 ? null : Math.max(0, share),
    windowMs: inWindow === 0 ? null : Math.ceil((samples / inWindow) * window.windowMs),
  };
}

/** aurora's own requests in the whole window. */
function probesIn(metric: SloMetric, { looks = 0 }: WatchedWindow): number {
  return 'probe' in metric && metric.probe !== undefined ? metric.probe.perLook * looks : 0;
}

function forecastSample(
  metric: SloMetric,
  seen: MetricSample,
  perWindow: number,
  window: WatchedWindow,
  lines: { readonly green: number; readonly red: number },
): MetricForecast {
  const limits = limitsOf(metric);
  const probes = probesIn(metric, window);
  const customers = Math.floor(perWindow * window.share);
  const expected = customers + probes;
  // Requests that fail together weigh as one sample (`MetricSample.perSession`).
  const { perSession = 1 } = seen;
  const weight = Math.floor(expected / perSession);
  const rate = seen.green.n === 0 ? null : seen.green.bad / seen.green.n;
  const none = { bad: 0, n: 0 };
  const clean = cleanSamplesToGreen(limits.green, Math.exp(-lines.green), none);
  const cleanNeeded =
    clean === null ? null : Math.max(Math.ceil(clean * perSession), metric.minSamples);
  const judged = expected >= metric.minSamples;
  const seenShare = judged ? smallestShareSeen(limits.red, lines.red, weight, power) : null;
  const compared = { candidate: customers, control: Math.floor(perWindow) - customers };
  const factor =
    customers >= metric.minSamples && metric.compare && window.compared && rate !== null
      ? smallestFactorSeen({ ...compared, rate }, lines.red, power)
      : null;
  const needed =
    cleanNeeded === null
      ? null
      : samplesNeeded(limits.green, lines.green, Math.ceil(cleanNeeded / perSession), rate ?? 0);
  return {
    metric,
    problem: null,
    rate,
    expected,
    probes,
    cleanNeeded,
    provable: cleanNeeded !== null && expected >= cleanNeeded,
    chanceOfGreen:
      rate === null || !judged ? null : chanceOfGreen(limits.green, lines.green, weight, rate),
    seenShare,
    seenMultiple: seenShare === null ? null : seenShare / limits.red,
    seenFactor: factor,
    provesNotWorse:
      metric.nonInferiority === 'required' && window.compared && rate !== null && rate > 0
        ? wouldBeNotWorse({ ...compared, rate }, factorOf(metric), lines.green)
        : null,
    needs: remedyOf(
      needed === null ? null : Math.ceil(needed * perSession),
      perWindow,
      probes,
      window,
    ),
  };
}

function unknown(metric: SloMetric, problem: string): MetricForecast {
  return {
    metric,
    problem,
    rate: null,
    expected: 0,
    probes: 0,
    cleanNeeded: null,
    provable: false,
    chanceOfGreen: null,
    seenShare: null,
    seenMultiple: null,
    seenFactor: null,
    provesNotWorse: null,
    needs: null,
  };
}

/**
 * What a window at this share can and cannot prove, from recent traffic: per metric the samples that
 * will come against those that a proof needs, the smallest damage that is noticed with a chance of
 * 80 %, and which share or duration would do. Judged at the end of the window: what looks in between
 * add is left out, so power is understated a little.
 */
export function foresee(
  slo: Slo,
  traffic: Traffic,
  window: WatchedWindow,
): readonly MetricForecast[] {
  const lines = evidenceLines(slo, window.compared);
  const scale = window.windowMs / traffic.durationMs;
  return slo.metrics.map((metric) => {
    const seen = sampleOf(metric, traffic.counts);
    if ('problem' in seen) return unknown(metric, seen.problem);
    return forecastSample(metric, seen, seen.green.n * scale, window, lines);
  });
}
