import { describe, expect, it } from 'vitest';
import { absenceOf } from '../../src/judge/missing-data.ts';

describe('missing-data rule', () => {
  it('is not asked when there is data', () => {
    expect(absenceOf({ noData: 'broken', minSamples: 10 }, 1, 1_000)).toBeNull();
  });

  it.each([
    ['no-traffic', 1_000, 'nobody came', false],
    ['lagging', 1_000, 'nothing has arrived yet; it comes later than the requests', false],
    ['zero', 1_000, 'it did not happen once, so there is nothing to judge', false],
    ['broken', 1_000, 'nothing was counted although 1000 requests were answered', true],
    ['broken', 5, 'too early to tell: 5 requests were answered so far', false],
  ] as const)('%s with %d other requests says: %s', (noData, traffic, words, broken) => {
    expect(absenceOf({ noData, minSamples: 10 }, 0, traffic)).toEqual({ broken, words });
  });
});
