import { describe, expect, it } from 'vitest';
import { askStylist } from '../../../src/stack/shoppers/journeys.ts';
import { createErrands } from '../../../src/stack/shoppers/mix.ts';
import { createRandom } from '../../../src/stack/shoppers/random.ts';

describe('errands', () => {
  it('ask no more stylists than fifty an hour, however many customers come', () => {
    let now = 0;
    const next = createErrands(() => now);
    let asked = 0;
    for (let customer = 0; customer < 360_000; customer += 1) {
      now = customer * 10;
      if (next(createRandom(7, customer)) === askStylist) asked += 1;
    }
    expect(asked).toBeGreaterThan(40);
    expect(asked).toBeLessThanOrEqual(50);
  });
});
