import type { JsonObject } from '../../base/json.ts';
import { packReading } from '../../judge/recording.ts';
import type { WatchReading, WatchState } from '../../judge/watching.ts';
import { metricData } from './metric-data.ts';
import type { WatchPlan } from './plan.ts';

/** How a watch stands, as data: what a result keeps as its evidence. */
export function stateData(state: WatchState, { name, rules }: WatchPlan): JsonObject {
  const { judgement, verdict, health } = state;
  const { split } = judgement;
  const verdicts = new Map(verdict.metrics.map((metric) => [metric.id, metric]));
  return {
    watch: name.id,
    state: verdict.state,
    band: judgement.band,
    why: verdict.why,
    elapsedMs: state.elapsedMs,
    windowMs: rules.windowMs,
    extendMs: rules.extendMs,
    assignmentAfterMs: rules.assignmentAfterMs,
    extended: state.extended,
    failures: health.failures,
    lastFailure: health.lastFailure,
    readings: health.readings,
    requests: judgement.requests.n,
    errors: judgement.requests.bad,
    share: rules.share,
    compared: rules.compared,
    controlProblem: state.controlProblem,
    flagProblem: state.flagProblem,
    split:
      split === undefined
        ? null
        : { observed: split.observed, mismatch: split.mismatch, words: split.words },
    drift: state.drift,
    metrics: Object.fromEntries(
      judgement.metrics.map((judged) => [
        judged.metric.id,
        metricData(judged, verdicts.get(judged.metric.id), state),
      ]),
    ),
  };
}

/**
 * A look as data, for the journal and for whoever draws it. With its raw reading, so that a watch
 * that broke off goes on from it, and a journal can be judged again by another policy.
 */
export function lookData(state: WatchState, plan: WatchPlan, reading: WatchReading): JsonObject {
  return {
    ...stateData(state, plan),
    begunAt: reading.at - reading.elapsedMs,
    reading: packReading(reading),
  };
}
