import { describe, expect, it } from 'vitest';
import { SessionCensus, slowBounds } from '../../../src/concierge/telemetry/session-census.ts';

const products = '/api/concierge/products';
const status = '/api/concierge/orders/status';

describe('session census', () => {
  it('counts a session once over all and once at each endpoint, and as bad once', () => {
    const census = new SessionCensus();
    census.count('a', products, false, 5);
    census.count('a', products, true, 5);
    census.count('a', products, true, 5);
    census.count('a', status, false, 5);
    census.count('b', status, false, 5);
    expect(census.all).toMatchObject({ n: 2, bad: 1 });
    expect(census.endpoints.get(products)).toMatchObject({ n: 1, bad: 1 });
    expect(census.endpoints.get(status)).toMatchObject({ n: 2, bad: 0 });
  });

  it('counts a session as slow at every bound that one of its answers passed, once', () => {
    const census = new SessionCensus();
    const slowOf = () => census.endpoints.get(products)?.slow;
    census.count('a', products, false, 300);
    expect(slowOf()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    census.count('a', products, false, 300.01);
    census.count('a', products, false, 450);
    expect(slowOf()).toEqual([1, 1, 0, 0, 0, 0, 0]);
    census.count('a', products, true, 9_000);
    census.count('a', products, false, 10);
    census.count('b', products, false, 610);
    expect(slowOf()).toEqual([2, 2, 2, 2, 2, 1, 1]);
    expect(slowBounds).toHaveLength(7);
  });

  it('counts anew, with nothing of the old, whom it forgot beyond its ceiling', () => {
    const census = new SessionCensus(2);
    census.count('a', products, true, 9_000);
    census.count('b', products, false, 5);
    census.count('c', products, false, 5);
    // c took the place of a, and nothing of what a had met.
    census.count('c', products, true, 5);
    expect(census.endpoints.get(products)).toMatchObject({ n: 3, bad: 2 });
    census.count('a', products, true, 5);
    expect(census.all).toMatchObject({ n: 4, bad: 3 });
  });

  it('takes no more memory for a million sessions than for its ceiling', () => {
    const census = new SessionCensus(1_000);
    const fill = (from: number, to: number) => {
      for (let n = from; n < to; n += 1) census.count(`sess_${n}`, products, false, 5);
    };
    fill(0, 100_000);
    const before = process.memoryUsage().arrayBuffers;
    fill(100_000, 1_000_000);
    expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(before);
    expect(census.all.n).toBe(1_000_000);
  });
});
