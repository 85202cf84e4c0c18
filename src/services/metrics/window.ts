import type { RawSeries, TimedSample } from './prometheus-api.ts';

/** What one series counted. */
export interface Grown {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What stored samples come to; times in milliseconds on the server's clock. */
export interface WindowCount {
  readonly grown: readonly Grown[];
  /** The newest sample of all. */
  readonly newest: number;
  /** From when on something could be counted: the window's beginning, or the first process in it. */
  readonly from: number;
  /** Targets with a scrape at or after the window's end: nothing of the window is missing there. */
  readonly complete: number;
  /** The processes that were complete: starts in seconds, or their addresses where nobody says so. */
  readonly epoch: string;
}

/** A process start that moved by more than this is another process; clocks are adjusted by less. */
const startToleranceMs = 500;

/** What is scraped from one place. Everything that is scraped at once has the same time. */
interface Target {
  readonly name: string;
  readonly scrapes: readonly number[];
  /** Scrape -> start of the process in milliseconds. Empty where no metric tells. */
  readonly starts: ReadonlyMap<number, number>;
  readonly series: readonly RawSeries[];
}

function targetsOf(all: readonly RawSeries[], start: string | null): readonly Target[] {
  const groups = new Map<string, RawSeries[]>();
  for (const one of all) {
    const name = `${one.labels.job ?? ''} ${one.labels.instance ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const isStart = ({ labels }: RawSeries) => start !== null && labels.__name__ === start;
  return [...groups].map(([name, group]) => ({
    name,
    scrapes: [...new Set(group.flatMap(({ samples }) => samples.map(({ at }) => at)))].sort(
      (x, y) => x - y,
    ),
    starts: new Map(
      group.filter(isStart).flatMap(({ samples }) => samples.map((s) => [s.at, s.value * 1_000])),
    ),
    series: group.filter((one) => !isStart(one)),
  }));
}

/**
 * What a counter grew by after its base. Without a sample at the base it was zero then. After a
 * restart all that the new process counted is new, even where that is more than the old one had.
 */
function growth(
  samples: readonly TimedSample[],
  { base, end }: { readonly base: number | null; readonly end: number },
  starts: ReadonlyMap<number, number>,
): number {
  let grown = 0;
  let last = samples.find(({ at }) => at === base);
  for (const sample of samples) {
    if (sample.at > end || (base !== null && sample.at <= base)) continue;
    const grew = last !== undefined && !restarted(last, sample, starts);
    grown += sample.value - (grew ? (last?.value ?? 0) : 0);
    last = sample;
  }
  return grown;
}

function restarted(
  before: TimedSample,
  now: TimedSample,
  starts: ReadonlyMap<number, number>,
): boolean {
  if (now.value < before.value) return true;
  const [old, young] = [starts.get(before.at), starts.get(now.at)];
  return old !== undefined && young !== undefined && Math.abs(young - old) > startToleranceMs;
}

/**
 * From which scrape on a target counts. Usually the last one before the window: nothing of the window
 * is lost so. A process that began within the window counts from its zero (null). One that is older
 * but was not scraped before counts from its first scrape: what came earlier is nobody's guess.
 */
function baseOf({ scrapes, starts }: Target, since: number): number | null {
  const before = scrapes.findLast((at) => at <= since);
  if (before !== undefined) return before;
  const first = scrapes[0];
  const start = first === undefined ? undefined : starts.get(first);
  return first !== undefined && start !== undefined && start < since - startToleranceMs
    ? first
    : null;
}

const endOf = ({ scrapes }: Target, until: number) => scrapes.find((at) => at >= until);

function epochOf(targets: readonly Target[], until: number): string {
  const names = targets.map(({ name, scrapes, starts }) => {
    const start = starts.get(scrapes.find((at) => at >= until) ?? 0);
    return start === undefined ? name : String(start / 1_000);
  });
  return names.sort().join('+');
}

function summed(
  targets: readonly Target[],
  until: number,
  rest: Pick<WindowCount, 'grown' | 'from'>,
): WindowCount {
  const complete = targets.filter((target) => endOf(target, until) !== undefined);
  return {
    ...rest,
    newest: Math.max(...targets.map(({ scrapes }) => scrapes.at(-1) ?? 0)),
    complete: complete.length,
    epoch: epochOf(complete, until),
  };
}

/**
 * What was counted in a window, exactly: between the last scrape at or before it and the first one at
 * or after it, target by target, resets included. Nothing is interpolated: the sums are whole numbers.
 * The series hold the samples around the window; `start` names the metric of the process start.
 */
export function countWindow(
  series: readonly RawSeries[],
  { since, until }: { readonly since: number; readonly until: number },
  start: string | null,
): WindowCount {
  const targets = targetsOf(series, start);
  const grown = targets.flatMap((target) => {
    const base = baseOf(target, since);
    // A target that is gone counts as far as it was seen.
    const end = endOf(target, until) ?? Number.POSITIVE_INFINITY;
    return target.series.map(({ labels, samples }) => ({
      labels,
      value: growth(samples, { base, end }, target.starts),
    }));
  });
  const begins = targets.map((target) => {
    const first = target.scrapes.find((at) => at > since) ?? since;
    return baseOf(target, since) === null ? (target.starts.get(first) ?? first) : since;
  });
  return summed(targets, until, { grown, from: Math.max(since, Math.min(...begins)) });
}

/** What the counters show at the first scrape at or after a moment: since their processes began. */
export function countNow(
  series: readonly RawSeries[],
  until: number,
  start: string | null,
): WindowCount {
  const targets = targetsOf(series, start);
  const grown = targets.flatMap((target) => {
    const end = endOf(target, until);
    return target.series.flatMap(({ labels, samples }) =>
      samples.filter(({ at }) => at === end).map(({ value }) => ({ labels, value })),
    );
  });
  return summed(targets, until, { grown, from: until });
}
