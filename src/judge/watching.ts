import type { CohortCounters } from '../services/metrics/metrics.ts';
import { CohortTally } from './cohort-tally.ts';
import { composeVerdict, type Verdict } from './composition.ts';
import type { Counts } from './counters.ts';
import { addProbes, type Probes } from './probes.ts';
import type { Slo } from './slo.ts';
import { SplitTally } from './split-tally.ts';
import {
  afterFailure,
  afterSuccess,
  failuresToAmber,
  type MeasuringHealth,
  notYetMeasured,
} from './states.ts';
import { type Judgement, judge } from './verdict.ts';

export type { ProbeSample } from './probes.ts';

/** What a watch is judged by. Milliseconds, already scaled. */
export interface WatchRules {
  readonly slo: Slo;
  readonly windowMs: number;
  /** An amber verdict at the end of the window watches on for so long, once. */
  readonly extendMs: number;
  /** Whether there is a control to compare with. */
  readonly compared: boolean;
  /** The candidate's configured part of the customers, 0 to 1; null when it has all. */
  readonly share: number | null;
  /** From when on new sessions show how customers are split. */
  readonly assignmentAfterMs: number;
}

/** The counters of one cohort, or why they could not be read. */
export type ReadCohort = CohortCounters | { readonly error: string };

/** Everything that one look saw. */
export interface WatchReading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Since the watch began. */
  readonly elapsedMs: number;
  readonly candidate: ReadCohort;
  /** Null where there is no control. */
  readonly control: ReadCohort | null;
  /** Answers of this look to aurora's own requests. */
  readonly probes?: Probes;
  /** The flag is not as the release set it: in words. */
  readonly drift?: string;
  /** Why the flag could not be read. */
  readonly flagError?: string;
}

/** How a watch stands after a look. */
export interface WatchState {
  readonly judgement: Judgement;
  readonly verdict: Verdict;
  readonly health: MeasuringHealth;
  readonly elapsedMs: number;
  /** When it will be over if nothing is proven until then, in the terms of `elapsedMs`. */
  readonly deadlineMs: number;
  /** Everything that was counted of the candidate. */
  readonly counts: Counts;
  /** How long the counts have been gathered; 0 before the first reading. */
  readonly countedMs: number;
  /** It watches on after the end of the window. */
  readonly extended: boolean;
  /** Why the candidate could not be read at this look; null when it was. */
  readonly unread: string | null;
  /** Why the control could not be compared with at this look; null when it was, or there is none. */
  readonly controlProblem: string | null;
  /** Why the flag could not be read at this look. */
  readonly flagProblem: string | null;
  readonly drift: string | null;
  /** The watch has its answer: no further look changes it. */
  readonly over: boolean;
}

const isRead = (cohort: ReadCohort | null): cohort is CohortCounters =>
  cohort !== null && !('error' in cohort);

/**
 * What the looks of a watch add up to: cumulative counts from one moment on, judged anew at every
 * look. Green is what the counts prove now, not what they proved at an earlier look: a fault that
 * begins late takes it away again. The same readings give the same states, whenever they are taken
 * in: so a watch that broke off goes on from its journal, and a recording can be judged again.
 */
export class Watching {
  readonly #rules: WatchRules;
  readonly #candidate = new CohortTally();
  readonly #control = new CohortTally();
  readonly #split: SplitTally;
  /** Both cohorts are counted from the same moment on. */
  #sameBegin = false;
  #health = notYetMeasured;
  #flag = notYetMeasured;
  #probes: Probes = {};
  #countedFrom: number | null = null;
  #extendedAt: number | null = null;

  constructor(rules: WatchRules) {
    this.#rules = rules;
    this.#split = new SplitTally(rules.compared ? rules.share : null, rules.assignmentAfterMs);
  }

  /** Takes one look into account and says how the watch stands. */
  look(reading: WatchReading): WatchState {
    const { elapsedMs } = reading;
    const { slo, windowMs, extendMs } = this.#rules;
    const controlProblem = this.#take(reading);
    const health = this.#worseHealth();
    if (elapsedMs >= windowMs) this.#extendedAt ??= elapsedMs;
    const judgement = judge(slo, this.#candidate.counts, this.#comparable(controlProblem), {
      ...(this.#split.assignment === null ? {} : { assignment: this.#split.assignment }),
      controlMissing: controlProblem !== null,
      ...this.#probesGiven(),
    });
    // The extension begins where the window was seen to be over: a break does not use it up.
    const deadlineMs = this.#extendedAt === null ? windowMs : this.#extendedAt + extendMs;
    const over = this.#extendedAt !== null && elapsedMs >= deadlineMs;
    const verdict = composeVerdict({ judgement, health, over });
    const drift = reading.drift ?? null;
    const proven = elapsedMs >= windowMs && verdict.state === 'green';
    const ended = over || proven || verdict.state === 'red' || drift !== null;
    const isLate = this.#extendedAt !== null && elapsedMs > this.#extendedAt;
    return {
      judgement,
      verdict,
      health,
      elapsedMs,
      deadlineMs,
      counts: this.#candidate.counts,
      countedMs: this.#countedFrom === null ? 0 : Math.max(0, reading.at - this.#countedFrom),
      extended: extendMs > 0 && (isLate || (this.#extendedAt !== null && !ended)),
      unread: isRead(reading.candidate) ? null : reading.candidate.error,
      controlProblem,
      flagProblem: reading.flagError ?? null,
      drift,
      over: ended,
    };
  }

  /** Adds what was read; why there is nothing to compare with at this look, or null. */
  #take({ at, candidate, control, elapsedMs, probes, flagError }: WatchReading): string | null {
    const { compared } = this.#rules;
    this.#probes = addProbes(this.#probes, probes ?? {});
    this.#flag =
      flagError === undefined ? afterSuccess(this.#flag) : afterFailure(this.#flag, flagError);
    if (!isRead(candidate)) {
      this.#health = afterFailure(this.#health, candidate.error);
      return compared ? candidate.error : null;
    }
    this.#health = afterSuccess(this.#health);
    const first = !this.#candidate.begun;
    this.#candidate.add(candidate);
    this.#countedFrom ??= candidate.since ?? at;
    if (!compared || control === null) return null;
    if (!isRead(control)) return control.error;
    this.#control.add(control);
    // A source with history tells the same window at every look; else the first readings must pair.
    if (first || candidate.since !== undefined) this.#sameBegin = sameWindow(candidate, control);
    this.#split.add(elapsedMs, this.#candidate.counts, this.#control.counts);
    return this.#sameBegin ? null : 'it was first read after the candidate';
  }

  /** The control's counts, if they cover the very window of the candidate's. */
  #comparable(problem: string | null) {
    return this.#rules.compared && problem === null ? this.#control.counts : null;
  }

  #probesGiven(): { readonly probes?: Probes } {
    return Object.keys(this.#probes).length === 0 ? {} : { probes: this.#probes };
  }

  /** A flag that cannot be seen for long is like counters that cannot be read. */
  #worseHealth(): MeasuringHealth {
    const { failures, lastFailure } = this.#flag;
    if (failures < failuresToAmber || failures <= this.#health.failures) return this.#health;
    return { ...this.#health, failures, lastFailure: `the flag: ${lastFailure ?? 'unknown'}` };
  }
}

/** Whether two readings begin to count at the same moment. */
function sameWindow(candidate: CohortCounters, control: CohortCounters): boolean {
  return candidate.since === control.since;
}
