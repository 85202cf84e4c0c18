import { Watching, type WatchReading, type WatchState } from '../../judge/watching.ts';
import type { Crash } from '../candidate-slot.ts';
import type { CheckContext } from '../kind.ts';
import { attempt } from '../unmeasured.ts';
import { readingsBefore, wasJudgedBefore } from './earlier.ts';
import type { WatchPlan } from './plan.ts';
import { type SeenLook, takeLook } from './take-look.ts';

/** How a watch ended. */
export interface WatchEnd {
  readonly state: WatchState;
  readonly crash: Crash | null;
}

/** Tells each look as soon as it was judged. */
export type OnLook = (state: WatchState, look: SeenLook) => void;

/** How long the source needs until counts are complete; 0 where that cannot be asked. */
async function lagOf({ environment }: WatchPlan, { services, signal }: CheckContext) {
  const metrics = await attempt(signal, () => services.metrics(environment));
  return 'value' in metrics ? metrics.value.lagMs : 0;
}

/** The moment from which a source with history counts: the share's begin, unless it was judged. */
function countedSince(plan: WatchPlan, context: CheckContext, begin: number): number {
  const { sharedAt = begin } = context.facts;
  return wasJudgedBefore(context, plan.name.id) ? begin : Math.min(begin, sharedAt);
}

function sinceOf(readings: readonly WatchReading[]): number | undefined {
  for (const { candidate } of readings) {
    if (!('error' in candidate) && candidate.since !== undefined) return candidate.since;
  }
  return undefined;
}

/**
 * Watches the candidate: cumulative counts from one moment on, judged anew at every look. One that
 * broke off goes on from its journal, with its evidence and its begin; where it was red, it ends as it
 * stood. Amber at the end of the window extends it once.
 */
export async function watchCandidate(
  plan: WatchPlan,
  context: CheckContext,
  onLook: OnLook,
): Promise<WatchEnd> {
  const { clock, signal } = context;
  const watching = new Watching(plan.rules);
  const before = readingsBefore(context, plan.name.id);
  const last = before.map((reading) => watching.look(reading)).at(-1);
  if (last?.verdict.state === 'red') return { state: last, crash: null };
  const lagMs = await lagOf(plan, context);
  const [first] = before;
  const begin = first === undefined ? clock.now() : first.at - first.elapsedMs;
  const since = sinceOf(before) ?? countedSince(plan, context, begin);
  // Nothing is complete yet of what happened since the begin.
  if (first === undefined && lagMs > 0) await clock.sleep(lagMs, signal);
  for (;;) {
    signal.throwIfAborted();
    const at = clock.now() - lagMs;
    const elapsedMs = Math.max(0, at - begin);
    const look = await takeLook(plan, context, { at, elapsedMs, since });
    const state = watching.look(look.reading);
    onLook(state, look);
    if (look.crash !== null || state.over) return { state, crash: look.crash };
    const spent = clock.now() - lagMs - begin;
    const left = Math.max(0, state.deadlineMs - spent);
    await clock.sleep(Math.min(plan.everyMs, left), signal);
  }
}
