import { describe, expect, it } from 'vitest';
import { replayRelease, replayWatch } from '../../../src/judge/backtest/replay.ts';
import type { Slo } from '../../../src/judge/slo.ts';
import type { WatchReading } from '../../../src/judge/watching.ts';
import { shippedSlo } from '../readings.ts';
import { broken, healthy, stream, until } from './canaries.ts';

/** The shipped bands with other sets of metrics. */
const bands = (change: (metrics: Slo['metrics']) => Slo['metrics']): Slo => ({
  ...shippedSlo,
  metrics: change(shippedSlo.metrics),
});

describe('a replay', () => {
  it('ends green when the window is over, and says since when that was proven', () => {
    const ending = replayWatch(shippedSlo, { rules: stream, readings: healthy });
    expect(ending).toMatchObject({ end: 'green', notJudged: [] });
    expect(ending.decidedMs).toBeGreaterThan(0);
    expect(ending.decidedMs).toBeLessThan(stream.windowMs);
  });

  it('ends red at the look that proves it, and looks no further', () => {
    const whole = replayWatch(shippedSlo, { rules: stream, readings: broken });
    expect(whole.end).toBe('red');
    const stopped = until(broken, whole.decidedMs ?? 0);
    expect(stopped.length).toBeLessThan(broken.length);
    expect(replayWatch(shippedSlo, { rules: stream, readings: stopped })).toEqual(whole);
  });

  it('is cut off where the recording ends before the bands have an answer', () => {
    const short = until(healthy, stream.windowMs / 2);
    const ending = replayWatch(shippedSlo, { rules: stream, readings: short });
    expect(ending).toMatchObject({ end: 'cut-off', decidedMs: null });
  });

  it('is cut off, not green, although green was proven already', () => {
    const { decidedMs } = replayWatch(shippedSlo, { rules: stream, readings: healthy });
    const short = until(healthy, stream.windowMs - 60_000);
    expect(decidedMs).toBeLessThan(stream.windowMs - 60_000);
    expect(replayWatch(shippedSlo, { rules: stream, readings: short }).end).toBe('cut-off');
  });

  it('does not judge a gate that the recording has no bucket for', () => {
    const slo = bands((metrics) =>
      metrics.map((metric) =>
        metric.id === 'products-latency' && metric.measure === 'latency'
          ? { ...metric, unit: 'request', green: 321, red: 321 }
          : metric,
      ),
    );
    const ending = replayWatch(slo, { rules: stream, readings: healthy });
    expect(ending.end).toBe('not-judged');
    expect(ending.notJudged.map(({ id }) => id)).toEqual(['products-latency']);
    expect(ending.why.join()).toContain('321 ms');
  });

  it('does not pass on its gates alone when a guard has no counters', () => {
    const slo = bands((metrics) =>
      metrics.map((metric) =>
        metric.id === 'order-status-latency' && metric.measure === 'latency'
          ? { ...metric, unit: 'request', green: 321, red: 321 }
          : metric,
      ),
    );
    expect(replayWatch(slo, { rules: stream, readings: healthy }).end).toBe('not-judged');
  });

  it('holds where somebody edited the flag', () => {
    const readings = healthy.map((reading, at) =>
      at === healthy.length - 5 ? { ...reading, drift: 'set to 50 %' } : reading,
    );
    const early = readings.map((reading, at) =>
      at === 5 ? { ...reading, drift: 'set to 50 %' } : reading,
    );
    const ending = replayWatch(shippedSlo, { rules: stream, readings: early });
    expect(ending).toMatchObject({ end: 'amber', why: ['set to 50 %'] });
    // Behind the end of the watch it changes nothing.
    expect(replayWatch(shippedSlo, { rules: stream, readings }).end).toBe('green');
  });

  it('of nothing is open', () => {
    expect(replayWatch(shippedSlo, { rules: stream, readings: [] }).end).toBe('cut-off');
  });
});

describe('the replay of a release', () => {
  const watch = (readings: readonly WatchReading[]) => ({ rules: stream, readings });

  it('ends as its last watch does, since one that held is repeated', () => {
    const watches = [watch(until(healthy, 60_000)), watch(healthy)];
    expect(replayRelease(shippedSlo, watches).end).toBe('green');
  });

  it('ends with the first red', () => {
    expect(replayRelease(shippedSlo, [watch(broken), watch(healthy)]).end).toBe('red');
  });
});
