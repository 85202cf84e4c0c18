import type { EnvironmentName } from '../../base/environments.ts';
import { messageOf } from '../../base/errors.ts';
import { addCounts, type Counts, countsBetween, noCounts } from '../../judge/counters.ts';
import type { Slo } from '../../judge/slo.ts';
import { type Judgement, judge } from '../../judge/verdict.ts';
import type { CohortCounters } from '../../services/metrics/metrics.ts';
import { type Crash, crashIn } from '../candidate-slot.ts';
import type { CheckContext } from '../kind.ts';
import { attempt, type Measured } from '../unmeasured.ts';

/** A watch, in milliseconds that are already scaled. */
export interface WatchPlan {
  readonly environment: EnvironmentName;
  readonly slo: Slo;
  readonly windowMs: number;
  readonly everyMs: number;
  readonly extendMs: number;
  /** Build that the candidate is compared with; null when there is no control. */
  readonly control: string | null;
}

/** How a watch stands, or how it ended. */
export interface WatchState {
  readonly judgement: Judgement;
  readonly crash: Crash | null;
  /** Measurements that failed in a row, the last one included; 0 after a success. */
  readonly failures: number;
  readonly lastFailure: string | null;
  /** How many measurements succeeded. */
  readonly readings: number;
  readonly elapsedMs: number;
  readonly extended: boolean;
}

/** Failures in a row after which the watch says that it cannot see. */
export const failuresToError = 5;

/** Everything counted of one cohort since its first reading. */
class Cohort {
  #last: CohortCounters | null = null;
  counts: Counts = noCounts;

  add(reading: CohortCounters): void {
    if (this.#last !== null) {
      this.counts = addCounts(this.counts, countsBetween(this.#last, reading));
    }
    this.#last = reading;
  }

  get begun(): boolean {
    return this.#last !== null;
  }
}

interface Reading {
  readonly candidate: Measured<CohortCounters>;
  readonly control: Measured<CohortCounters> | null;
  readonly crash: Crash | null;
}

async function readAll(plan: WatchPlan, context: CheckContext): Promise<Reading> {
  const { environment } = plan;
  const { services, signal, facts } = context;
  const read = (build: string) =>
    attempt(signal, async () =>
      (await services.metrics(environment)).read({ environment, build }, signal),
    );
  const [candidate, control, slots] = await Promise.all([
    read(facts.candidate),
    plan.control === null ? null : read(plan.control),
    attempt(signal, async () => (await services.driver(environment)).slots(signal)),
  ]);
  const crash = 'value' in slots ? crashIn(slots.value, environment, facts) : null;
  return { candidate, control, crash };
}

/** Whether a watch has its answer. Green counts only once the whole window was watched. */
export function isOver(state: WatchState, plan: WatchPlan): boolean {
  const { judgement, crash, failures, elapsedMs } = state;
  if (crash !== null || judgement.band === 'red') return true;
  if (elapsedMs >= plan.windowMs + plan.extendMs) return true;
  return elapsedMs >= plan.windowMs && judgement.band === 'green' && failures === 0;
}

/** What the readings of a watch add up to. */
class Watch {
  readonly #plan: WatchPlan;
  readonly #candidate = new Cohort();
  readonly #control = new Cohort();
  #compares = false;
  #failures = 0;
  #readings = 0;
  #lastFailure: string | null = null;

  constructor(plan: WatchPlan) {
    this.#plan = plan;
  }

  /** Takes one look into account and says how the watch stands. */
  look({ candidate, control, crash }: Reading, elapsedMs: number): WatchState {
    const compared = this.#take(candidate, control);
    const { slo, windowMs, extendMs } = this.#plan;
    return {
      judgement: judge(slo, this.#candidate.counts, compared ? this.#control.counts : null),
      crash,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
      readings: this.#readings,
      elapsedMs,
      extended: elapsedMs >= windowMs && extendMs > 0,
    };
  }

  /** Adds the counters; true when candidate and control now cover the same window. */
  #take(candidate: Reading['candidate'], control: Reading['control']): boolean {
    if ('error' in candidate) {
      this.#failures += 1;
      this.#lastFailure = messageOf(candidate.error);
      return false;
    }
    const controlRead = control !== null && 'value' in control ? control.value : null;
    // A control whose first reading is later than the candidate's covers another window.
    if (!this.#candidate.begun) this.#compares = controlRead !== null;
    this.#candidate.add(candidate.value);
    this.#failures = 0;
    this.#readings += 1;
    if (!this.#compares || controlRead === null) return false;
    this.#control.add(controlRead);
    return true;
  }
}

/**
 * Watches the candidate from its first reading on: cumulative counts since then are judged at every
 * look. Amber at the end of the window extends the watch once. Green is what the counts prove now,
 * not what they proved at some earlier look: a fault that begins late takes it away again.
 */
export async function watchCandidate(
  plan: WatchPlan,
  context: CheckContext,
  onLook: (state: WatchState) => void,
): Promise<WatchState> {
  const { clock, signal } = context;
  const begin = clock.now();
  const watch = new Watch(plan);
  for (;;) {
    signal.throwIfAborted();
    const reading = await readAll(plan, context);
    const elapsedMs = clock.now() - begin;
    const state = watch.look(reading, elapsedMs);
    onLook(state);
    if (isOver(state, plan)) return state;
    const next = elapsedMs < plan.windowMs ? plan.windowMs : plan.windowMs + plan.extendMs;
    await clock.sleep(Math.max(0, Math.min(plan.everyMs, next - elapsedMs)), signal);
  }
}
