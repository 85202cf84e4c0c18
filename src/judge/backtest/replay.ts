import type { Slo } from '../slo.ts';
import type { StreamRules } from '../stream.ts';
import { Watching, type WatchReading, type WatchState } from '../watching.ts';

/** One watch, as far as it went. */
export interface RecordedWatch {
  readonly rules: StreamRules;
  readonly readings: readonly WatchReading[];
}

/**
 * What a policy makes of a recorded watch. `cut-off`: the recording ends before the policy has its
 * answer, since the watch was ended by other bands. `not-judged`: nothing was counted by which some
 * metric of the policy could be judged; that never passes.
 */
export type End = 'green' | 'amber' | 'red' | 'cut-off' | 'not-judged';

/** A metric that the recording cannot tell. */
export interface NotJudged {
  readonly id: string;
  readonly why: string;
}

/** How a policy ends a watch. */
export interface Ending {
  readonly end: End;
  /**
   * Milliseconds into the watch: when it was red; since when the evidence for green sufficed without
   * a break (the gate waits for the end of the window all the same). Null when it never decided.
   */
  readonly decidedMs: number | null;
  readonly why: readonly string[];
  readonly notJudged: readonly NotJudged[];
}

const nothingSeen: Ending = {
  end: 'cut-off',
  decidedMs: null,
  why: ['nothing was recorded'],
  notJudged: [],
};

function notJudgedIn({ judgement }: WatchState): readonly NotJudged[] {
  return judgement.metrics.flatMap(({ metric, problem }) =>
    problem === null ? [] : [{ id: metric.id, why: problem }],
  );
}

function endOf(state: WatchState, notJudged: readonly NotJudged[]): End {
  if (state.verdict.state === 'red') return 'red';
  // Somebody edited the flag: the gate holds, whatever the counts prove.
  if (state.drift !== null) return 'amber';
  if (!state.over) return 'cut-off';
  if (notJudged.length > 0) return 'not-judged';
  return state.verdict.state === 'green' ? 'green' : 'amber';
}

function whyOf(end: End, state: WatchState, notJudged: readonly NotJudged[]): readonly string[] {
  if (end !== 'red' && state.drift !== null) return [state.drift];
  if (end === 'not-judged') return notJudged.map(({ id, why }) => `${id}: ${why}`);
  return state.verdict.why;
}

/** Replays one watch under other bands: look by look, and no further than the gate would go. */
export function replayWatch(slo: Slo, { rules, readings }: RecordedWatch): Ending {
  const watching = new Watching({ ...rules, slo });
  let last: WatchState | null = null;
  let greenSince: number | null = null;
  for (const reading of readings) {
    last = watching.look(reading);
    if (last.verdict.state !== 'green') greenSince = null;
    else greenSince ??= last.elapsedMs;
    if (last.over) break;
  }
  if (last === null) return nothingSeen;
  const notJudged = notJudgedIn(last);
  const end = endOf(last, notJudged);
  const decidedMs = end === 'red' ? last.elapsedMs : end === 'green' ? greenSince : null;
  return { end, decidedMs, why: whyOf(end, last, notJudged), notJudged };
}

/**
 * Replays the watches of one release in their order, since one that held is repeated. Red ends the
 * release; else the last watch says how it ends.
 */
export function replayRelease(slo: Slo, watches: readonly RecordedWatch[]): Ending {
  let ending = nothingSeen;
  for (const watch of watches) {
    ending = replayWatch(slo, watch);
    if (ending.end === 'red') break;
  }
  return ending;
}
