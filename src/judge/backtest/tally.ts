import type { Truth } from '../stream.ts';
import { type Interval, wilson } from '../wilson.ts';
import type { End, Ending } from './replay.ts';

/**
 * What the end of a watch is worth, given what the build was. `missed`: a bad build got through.
 * `held`: a person is asked, which is neither. `open`: it cannot be said, for the truth is not known,
 * the recording was cut off, or could not be judged.
 */
export type Worth = 'right' | 'false-alarm' | 'missed' | 'held' | 'open';

/** Weighs how a policy ended a watch. */
export function worthOf(truth: Truth, end: End): Worth {
  if (truth === 'unknown' || end === 'cut-off' || end === 'not-judged') return 'open';
  if (end === 'amber') return 'held';
  if (truth === 'good') return end === 'green' ? 'right' : 'false-alarm';
  return end === 'red' ? 'right' : 'missed';
}

/** So many of so many, with the 95 % interval of the share (Wilson). */
export interface Rate extends Interval {
  readonly n: number;
  readonly of: number;
}

const rate = (n: number, of: number): Rate => ({ n, of, ...wilson({ bad: n, n: of }) });

/** A watch that was judged, and what is known of its build. */
export interface Judged {
  readonly truth: Truth;
  readonly ending: Ending;
}

/** How a policy did over many watches. */
export interface Standing {
  readonly green: number;
  readonly amber: number;
  readonly red: number;
  readonly cutOff: number;
  readonly notJudged: number;
  /** Of the good ones that it came to an end with: red. */
  readonly falseAlarms: Rate;
  /** Of the bad ones that it came to an end with: green. */
  readonly missed: Rate;
  /** Of all that it came to an end with: amber, and a person is asked. */
  readonly held: Rate;
  /** Of those that were decided, milliseconds; null when none was. */
  readonly medianMs: number | null;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((x, y) => x - y);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** Adds up how a policy did. */
export function standingOf(judged: readonly Judged[]): Standing {
  const ends = (end: End) => judged.filter(({ ending }) => ending.end === end).length;
  const worths = judged.map(({ truth, ending }) => worthOf(truth, ending.end));
  const count = (worth: Worth) => worths.filter((one) => one === worth).length;
  const ended = (truth: Truth) =>
    judged.filter((one, at) => one.truth === truth && worths[at] !== 'open').length;
  return {
    green: ends('green'),
    amber: ends('amber'),
    red: ends('red'),
    cutOff: ends('cut-off'),
    notJudged: ends('not-judged'),
    falseAlarms: rate(count('false-alarm'), ended('good')),
    missed: rate(count('missed'), ended('bad')),
    held: rate(ends('amber'), ends('green') + ends('amber') + ends('red')),
    medianMs: median(
      judged.flatMap(({ ending }) => (ending.decidedMs === null ? [] : [ending.decidedMs])),
    ),
  };
}
