import type { Slo } from '../../../src/judge/slo.ts';
import { upperBound } from './cells.ts';
import type { ComposedJudge, Ending } from './composed.ts';
import type { Random } from './random.ts';
import { mannWhitneyEnd, peekingEnd, thresholdEnd } from './rivals.ts';
import { equal, type Minute, makeStream, type StreamKind, type Truth } from './streams.ts';

/** One judge over many canaries with the same truth. */
export interface Standing {
  readonly judge: string;
  readonly red: number;
  readonly green: number;
  readonly amber: number;
  /** Minutes until the verdict, of the canaries that got one; null when none did. */
  readonly median: number | null;
  /** What must not happen here: red though equal, green though over the limit; else null. */
  readonly falseRed: number | null;
  readonly falseGreen: number | null;
}

/** All judges on the same streams. */
export interface Round {
  readonly name: string;
  readonly kind: StreamKind;
  readonly canary: number;
  readonly runs: number;
  readonly standings: readonly Standing[];
  /** Upper end of the 99 % interval of aurora's false red; null where red would be right. */
  readonly falseRedAtMost: number | null;
}

interface Situation {
  readonly name: string;
  readonly truth: Truth;
  /** The candidate is as good as the control, and within every limit. */
  readonly healthy: boolean;
  /** The candidate is at or over a limit. */
  readonly over: boolean;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function standingOf(
  judge: string,
  endings: readonly Ending[],
  { healthy, over }: Situation,
): Standing {
  const part = (band: Ending['band']) =>
    endings.filter((ending) => ending.band === band).length / endings.length;
  const decided = endings.filter(({ band }) => band !== 'amber');
  return {
    judge,
    red: part('red'),
    green: part('green'),
    amber: part('amber'),
    median: median(decided.map(({ minute }) => minute)),
    falseRed: healthy ? part('red') : null,
    falseGreen: over ? part('green') : null,
  };
}

/** Plays one situation. */
export function playRound(
  slo: Slo,
  composed: ComposedJudge,
  situation: Situation,
  runs: number,
  random: Random,
): Round {
  const judges: Record<string, (stream: readonly Minute[]) => Ending> = {
    aurora: (stream) => composed.end(stream),
    'minute > 1 %': thresholdEnd,
    'peeking z-test': (stream) => peekingEnd(stream),
    'Mann-Whitney': mannWhitneyEnd,
  };
  const endings = new Map(Object.keys(judges).map((name) => [name, [] as Ending[]]));
  for (let run = 0; run < runs; run += 1) {
    const stream = makeStream(slo.metrics, situation.truth, random);
    for (const [name, end] of Object.entries(judges)) endings.get(name)?.push(end(stream));
  }
  const standings = [...endings].map(([name, ends]) => standingOf(name, ends, situation));
  const falseRed = standings[0]?.falseRed ?? null;
  return {
    name: situation.name,
    kind: situation.truth.kind,
    canary: situation.truth.canary,
    runs,
    standings,
    falseRedAtMost: falseRed === null ? null : upperBound(Math.round(falseRed * runs), runs),
  };
}

/** What is played for one kind of stream and one size. */
export function situations(kind: StreamKind, canary: number): readonly Situation[] {
  const base = equal(kind, canary, 0.005);
  const bad = { healthy: false, over: true };
  return [
    {
      name: 'same as the control, 0.1 % errors',
      truth: equal(kind, canary, 0.001),
      healthy: true,
      over: false,
    },
    {
      name: 'same as the control, 0.5 % errors: at the limit',
      truth: base,
      healthy: true,
      // Where errors come with the load, the average lies below the limit.
      over: kind !== 'varying',
    },
    { name: 'errors 2x: 1 %', truth: { ...base, candidateErrors: 0.01 }, ...bad },
    { name: 'errors 4x: 2 %', truth: { ...base, candidateErrors: 0.02 }, ...bad },
    {
      name: 'no more errors (0.1 %), but 25 % of products slow',
      truth: { ...equal(kind, canary, 0.001), slow: 0.25, verySlow: 0.15 },
      ...bad,
    },
    {
      name: 'no more errors (0.1 %), but 30 % unhappy instead of 10 %',
      truth: { ...equal(kind, canary, 0.001), candidateUnhappy: 0.3 },
      healthy: false,
      over: false,
    },
  ];
}
