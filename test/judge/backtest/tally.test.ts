import { describe, expect, it } from 'vitest';
import type { End } from '../../../src/judge/backtest/replay.ts';
import { standingOf, worthOf } from '../../../src/judge/backtest/tally.ts';
import type { Truth } from '../../../src/judge/stream.ts';

const judged = (truth: Truth, end: End, decidedMs: number | null = null) => ({
  truth,
  ending: { end, decidedMs, why: [], notJudged: [] },
});

describe('the worth of an ending', () => {
  it('is a false alarm when a good build was red, and missed when a bad one was green', () => {
    expect(worthOf('good', 'red')).toBe('false-alarm');
    expect(worthOf('bad', 'green')).toBe('missed');
    expect(worthOf('good', 'green')).toBe('right');
    expect(worthOf('bad', 'red')).toBe('right');
  });

  it('is neither when a person is asked', () => {
    expect(worthOf('good', 'amber')).toBe('held');
    expect(worthOf('bad', 'amber')).toBe('held');
  });

  it('is open when the truth, or the end, is not known', () => {
    expect(worthOf('unknown', 'red')).toBe('open');
    expect(worthOf('good', 'cut-off')).toBe('open');
    expect(worthOf('bad', 'not-judged')).toBe('open');
  });
});

describe('a standing', () => {
  const standing = standingOf([
    judged('good', 'green', 10),
    judged('good', 'red', 30),
    judged('good', 'cut-off'),
    judged('bad', 'red', 20),
    judged('bad', 'amber'),
    judged('bad', 'not-judged'),
    judged('unknown', 'green', 90),
  ]);

  it('counts rates only over what came to an end and is known', () => {
    expect(standing.falseAlarms).toMatchObject({ n: 1, of: 2 });
    expect(standing.missed).toMatchObject({ n: 0, of: 2 });
    expect(standing.held).toMatchObject({ n: 1, of: 5 });
    expect(standing).toMatchObject({ green: 2, amber: 1, red: 2, cutOff: 1, notJudged: 1 });
  });

  it('never calls a rate certain: two of two without a miss leave two thirds possible', () => {
    expect(standing.missed.low).toBe(0);
    expect(standing.missed.high).toBeCloseTo(0.658, 3);
  });

  it('gives the median time of those that were decided', () => {
    expect(standing.medianMs).toBe(20);
    expect(standingOf([judged('good', 'amber')]).medianMs).toBeNull();
  });
});
