import { Random } from '../../../src/judge/backtest/random.ts';
import { simulateWatch, situations } from '../../../src/judge/backtest/simulate.ts';
import { boundsOf, plannedHabits } from '../../../src/judge/backtest/traffic.ts';
import type { StreamRules } from '../../../src/judge/stream.ts';
import type { WatchReading } from '../../../src/judge/watching.ts';
import { rules } from '../readings.ts';

const { slo: _slo, ...withoutBands } = rules;

/** Half an hour at 5 %, with a quarter in reserve. */
export const stream: StreamRules = withoutBands;

/** Enough traffic for a healthy canary to be green within its window. */
export const plan = {
  rules: stream,
  everyMs: 60_000,
  sessions: 9_000,
  habits: plannedHabits,
  bounds: boundsOf([]),
};

/** A simulated canary, by the name of its situation. */
export function canary(name: string, seed = 1): readonly WatchReading[] {
  const situation = situations.find((one) => one.name === name);
  if (situation === undefined) throw new Error(`no situation ${name}`);
  return simulateWatch(plan, situation, new Random(seed));
}

export const healthy = canary('as good as now');
export const broken = canary('4x errors (2 %)');

/** The looks up to so many milliseconds into the watch. */
export const until = (readings: readonly WatchReading[], ms: number) =>
  readings.filter(({ elapsedMs }) => elapsedMs <= ms);
