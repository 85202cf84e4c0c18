import { formatDuration } from '../base/duration.ts';
import type { JudgeState } from '../judge/states.ts';
import { formatShare } from '../judge/words.ts';
import type { Look, LookMetric } from './look.ts';

const stateWords: Readonly<Record<JudgeState, string>> = {
  pending: 'no reading yet',
  warming: 'too few samples yet',
  collecting: 'collecting evidence',
  green: 'proven green',
  amber: 'not proven',
  red: 'RED',
};

/** A state of a verdict or of a metric for people. */
export function stateWord(state: JudgeState): string {
  return stateWords[state];
}

/** A time to go needs one unit only, and never too short a one: `40 s`, `3 min`, `2 h`. */
export function roughDuration(ms: number): string {
  const [unit, word] =
    ms > 2 * 3_600_000
      ? ([3_600_000, 'h'] as const)
      : ms > 120_000
        ? ([60_000, 'min'] as const)
        : ([1_000, 's'] as const);
  return `${Math.max(1, Math.ceil(ms / unit))} ${word}`;
}

/** From here on evidence against a metric is told before what speaks for it. */
const alarming = 0.5;

/** How long the whole watch may take, milliseconds. Amber at the end of the window extends it. */
export function wholeMs({ windowMs, extendMs, extended }: Look): number {
  return extended ? windowMs + extendMs : windowMs;
}

/** What becomes of a metric: proven, how long it still takes, or why it will not be. */
export function outlook(metric: LookMetric, look: Look): string {
  const { band, n, toGreen, earliestMs, expectedMs } = metric;
  if (band === 'red') return 'OVER ITS LIMIT';
  if (band === 'green') return 'proven';
  if (metric.against >= alarming && metric.against > metric.done) {
    return `towards red: ${Math.floor(metric.against * 100)} %`;
  }
  if (n === 0) return 'no samples yet';
  if (toGreen === null || (earliestMs !== null && expectedMs === null)) return 'out of reach';
  const etaMs = expectedMs ?? earliestMs;
  if (etaMs === null || etaMs === 0) return 'not proven yet';
  const left = look.windowMs + look.extendMs - look.elapsedMs;
  const time = roughDuration(etaMs);
  return etaMs > left ? `${time}: too late` : `about ${time} to go`;
}

/** `0/812`, and with its unit where there is room. */
export function countWords({ bad, n }: LookMetric): string {
  return `${bad}/${n}`;
}

/** A share with its 95 % interval: `0.3 % (0.1 % to 0.9 %)`; empty without samples. */
export function rateWords({ rate, interval }: LookMetric): string {
  if (rate === null) return '';
  if (interval === null) return formatShare(rate);
  return `${formatShare(rate)} (${formatShare(interval[0])} to ${formatShare(interval[1])})`;
}

/** `split 5.1 % (set 5 %)`: as counted, and as configured; that alone where it was not counted. */
function splitWords({ share, split }: Look): string {
  if (share === null) return 'all customers';
  if (split === null) return `${formatShare(share)} of customers`;
  const broken = split.mismatch ? ' BROKEN' : '';
  return `split ${formatShare(split.observed)} (set ${formatShare(share)})${broken}`;
}

/**
 * How the watch stands, most important first: a narrow screen leaves out the last. `elapsedMs` may be
 * later than the look.
 */
export function headline(look: Look, elapsedMs = look.elapsedMs): readonly string[] {
  const whole = wholeMs(look);
  const of = `${formatDuration(Math.min(elapsedMs, whole))} of ${formatDuration(whole)}`;
  const failed = look.errors === 0 ? '' : `, ${look.errors} with a 5xx`;
  return [
    `${stateWord(look.state)}, ${of}${look.extended ? ' (extended)' : ''}`,
    `${look.requests} requests${failed}`,
    look.compared ? 'with control' : 'no control',
    splitWords(look),
  ];
}

/** What stands in the way of a verdict, each in a line of its own. */
export function troubles(look: Look): readonly string[] {
  const { failures, lastFailure, split, drift, controlProblem, flagProblem, state, why } = look;
  const times = failures === 1 ? 'once' : `${failures} times in a row`;
  // The reasons of a verdict tell some of it again.
  const reasons = why.filter((text) => !text.startsWith('not measured') && text !== split?.words);
  return [
    ...(failures === 0 ? [] : [`not measured ${times}: ${lastFailure ?? 'unknown'}`]),
    ...(drift === null ? [] : [drift]),
    ...(controlProblem === null ? [] : [`control not measured: ${controlProblem}`]),
    ...(flagProblem === null ? [] : [`flag not read: ${flagProblem}`]),
    ...(split?.mismatch === true ? [split.words] : []),
    ...(state === 'red' || state === 'amber' ? reasons : []),
  ];
}

/** Metrics that are only counted: `5 guards: 4 not judged yet, 1 green`. */
export function collapsed(metrics: readonly LookMetric[], noun: string): string {
  const count = (wanted: (metric: LookMetric) => boolean) => metrics.filter(wanted).length;
  const parts = [
    [count(({ band }) => band === 'red'), 'RED'],
    [count(({ band }) => band === 'amber'), 'not judged yet'],
    [count(({ band }) => band === 'green'), 'green'],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  return `${metrics.length} ${noun}${metrics.length === 1 ? '' : 's'}: ${told.join(', ')}`;
}
