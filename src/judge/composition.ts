import { absenceOf } from './missing-data.ts';
import { type JudgeState, type MeasuringHealth, stateOf } from './states.ts';
import type { Judgement, MetricJudgement } from './verdict.ts';
import { formatEvidence, formatSample } from './words.ts';

/** One metric in the verdict. */
export interface MetricVerdict {
  readonly id: string;
  readonly role: 'gate' | 'guard';
  readonly state: JudgeState;
  /** One line: what is proven, or what is missing. */
  readonly why: string;
}

/** The one verdict, with its reasons. */
export interface Verdict {
  readonly state: JudgeState;
  /** Set beside the state while measurements fail. */
  readonly error: string | null;
  /** The reasons of the state, the weightiest first; never empty. */
  readonly why: readonly string[];
  readonly metrics: readonly MetricVerdict[];
  /** Ids of the guards that could not be judged: they hold nothing, but the ticket names them. */
  readonly unjudged: readonly string[];
}

/** What the verdict follows from. */
export interface Watched {
  readonly judgement: Judgement;
  readonly health: MeasuringHealth;
  /** The window, with its extension, has ended. */
  readonly over: boolean;
}

const evidence = (logE: number, needed: number) =>
  `E = ${formatEvidence(logE)} of ${formatEvidence(needed)}`;

function whyRed(judged: MetricJudgement): string {
  const { comparison, logRed, logRedNeeded } = judged;
  if (comparison?.red === true && logRed < logRedNeeded) {
    return `proven worse than the control (${evidence(comparison.logWorse, logRedNeeded)})`;
  }
  return `proven over its red line (${evidence(logRed, logRedNeeded)})`;
}

function missing(judged: MetricJudgement): string {
  const { comparison, logGreen, logGreenNeeded, toGreen } = judged;
  if (logGreen >= logGreenNeeded && judged.lacksNonInferiority === true) {
    return comparison?.logNotWorse === undefined
      ? 'within its limit, but there is no control to compare with now'
      : `within its limit, but not proven to be less than ${comparison.factor} times worse (${evidence(comparison.logNotWorse, logGreenNeeded)})`;
  }
  const togo = toGreen === null ? 'out of reach' : `${toGreen} clean samples to go`;
  return `not proven (${evidence(logGreen, logGreenNeeded)}), ${togo}`;
}

function whyOf(judged: MetricJudgement, traffic: number): string {
  const { metric, band, sample, problem } = judged;
  if (band === 'red') return whyRed(judged);
  if (problem !== null) return problem;
  if (band === 'green') return 'proven within its limit';
  return absenceOf(metric, sample.green.n, traffic)?.words ?? missing(judged);
}

function metricVerdict(judged: MetricJudgement, watched: Watched): MetricVerdict {
  const { metric, band, sample } = judged;
  return {
    id: metric.id,
    role: metric.role,
    state: stateOf({
      band,
      enough: sample.green.n >= metric.minSamples,
      health: watched.health,
      over: watched.over,
    }),
    why: whyOf(judged, watched.judgement.requests.n),
  };
}

function reasons(
  { judgement, health }: Watched,
  state: JudgeState,
  metrics: readonly MetricVerdict[],
): readonly string[] {
  const { catastrophe, requests, split } = judgement;
  if (state === 'green') return ['every gate is proven green'];
  const all: string[] = [];
  if (catastrophe) {
    all.push(`catastrophe: ${formatSample(requests, 'requests')} answered with a 5xx`);
  }
  const of = (chosen: (verdict: MetricVerdict) => boolean) =>
    metrics.filter(chosen).map(({ id, why }) => `${id}: ${why}`);
  all.push(...of((verdict) => verdict.state === 'red'));
  if (state === 'red') return all;
  if (health.failures > 0) {
    all.push(`not measured ${health.failures} times in a row: ${health.lastFailure ?? 'unknown'}`);
  }
  if (split?.mismatch === true) all.push(split.words);
  all.push(...of((verdict) => verdict.role === 'gate' && verdict.state !== 'green'));
  return all;
}

/**
 * One verdict of everything that is known, with its reasons. Red when anything is proven red; green
 * when every gate is, the split is not broken and the last measurement succeeded; amber when the
 * deadline has passed, or measurements have failed too often; else it is still under way. Whether
 * green counts before the window has ended is for the gate to say.
 */
export function composeVerdict(watched: Watched): Verdict {
  const { judgement, health, over } = watched;
  const metrics = judgement.metrics.map((judged) => metricVerdict(judged, watched));
  const gates = judgement.metrics.filter(({ metric }) => metric.role === 'gate');
  const enough = gates.every(({ metric, sample }) => sample.green.n >= metric.minSamples);
  const state = stateOf({ band: judgement.band, enough, health, over });
  return {
    state,
    error: health.failures === 0 ? null : (health.lastFailure ?? 'unknown'),
    why: reasons(watched, state, metrics),
    metrics,
    unjudged: metrics
      .filter(({ role, state: own }) => role === 'guard' && own !== 'green' && own !== 'red')
      .map(({ id }) => id),
  };
}
