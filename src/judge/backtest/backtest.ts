import { CohortTally } from '../cohort-tally.ts';
import type { Counts } from '../counters.ts';
import type { Slo } from '../slo.ts';
import type { Truth } from '../stream.ts';
import { Random } from './random.ts';
import { type Ending, type RecordedWatch, replayRelease, replayWatch } from './replay.ts';
import { type SimulationPlan, type Situation, simulateWatch, situations } from './simulate.ts';
import { type Judged, type Standing, standingOf } from './tally.ts';
import { boundsOf } from './traffic.ts';

/** Bands that are tried. */
export interface Policy {
  /** `now`: the plan's own; `with`: the one that is asked about. */
  readonly id: 'now' | 'with';
  readonly file: string;
  readonly slo: Slo;
}

/** A canary that happened. */
export interface Recording {
  /** The release, or the name of the stream file. */
  readonly id: string;
  readonly from: 'release' | 'stream';
  /** How it ended, in words. */
  readonly outcome: string;
  readonly truth: Truth;
  readonly watches: readonly RecordedWatch[];
}

/** A recording under each policy, in the order of the policies. */
export interface Replayed {
  readonly recording: Recording;
  readonly endings: readonly Ending[];
}

/** Replays every recording under every policy. */
export function replayAll(
  policies: readonly Policy[],
  recordings: readonly Recording[],
): readonly Replayed[] {
  return recordings.map((recording) => ({
    recording,
    endings: policies.map(({ slo }) => replayRelease(slo, recording.watches)),
  }));
}

/** How each policy did over the recordings. */
export function recordedStandings(
  policies: readonly Policy[],
  replayed: readonly Replayed[],
): readonly Standing[] {
  return policies.map((_, at) =>
    standingOf(
      replayed.flatMap(({ recording, endings }) => {
        const ending = endings[at];
        return ending === undefined ? [] : [{ truth: recording.truth, ending }];
      }),
    ),
  );
}

/** One situation, and how each policy did in it. */
export interface Simulated {
  readonly situation: Situation;
  readonly standings: readonly Standing[];
}

/**
 * Simulates `runs` canaries of each situation; every policy sees the same ones, and a seed gives the
 * same in every run. Yields after each canary, so that whoever waits can be told, or stop.
 */
export function* simulateAll(
  policies: readonly Policy[],
  plan: SimulationPlan,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Generator<{ readonly situation: Situation; readonly done: number }, readonly Simulated[]> {
  const all: Simulated[] = [];
  for (const [index, situation] of situations.entries()) {
    const random = new Random(seed + index);
    const judged: Judged[][] = policies.map(() => []);
    for (let done = 1; done <= runs; done += 1) {
      const readings = simulateWatch(plan, situation, random);
      policies.forEach(({ slo }, at) => {
        const ending = replayWatch(slo, { rules: plan.rules, readings });
        judged[at]?.push({ truth: situation.truth, ending });
      });
      yield { situation, done };
    }
    all.push({ situation, standings: judged.map(standingOf) });
  }
  return all;
}

/** Bounds of the simulated histograms: those of the service, and whatever a policy asks for. */
export function boundsFor(policies: readonly Policy[]): readonly number[] {
  return boundsOf(
    policies.flatMap(({ slo }) =>
      slo.metrics.flatMap((metric) =>
        metric.measure === 'latency' ? [metric.green, metric.red ?? metric.green] : [],
      ),
    ),
  );
}

/** What the candidate counted in one watch. */
export interface Counted {
  readonly counts: Counts;
  /** Its sessions in a whole window, had it gone on as it did. */
  readonly perWindow: number;
}

/** What the candidate counted in each of these watches; those that counted nothing are left out. */
export function countedBy(recordings: readonly Recording[]): readonly Counted[] {
  return recordings.flatMap(({ watches }) => watches.flatMap(countedIn));
}

function countedIn({ rules, readings }: RecordedWatch): readonly Counted[] {
  const tally = new CohortTally();
  for (const { candidate } of readings) if (!('error' in candidate)) tally.add(candidate);
  const { counts } = tally;
  const elapsedMs = readings.at(-1)?.elapsedMs ?? 0;
  if (counts.sessions.n === 0 || elapsedMs === 0) return [];
  return [{ counts, perWindow: Math.round((counts.sessions.n * rules.windowMs) / elapsedMs) }];
}
