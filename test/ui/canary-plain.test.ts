import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { lookTeller } from '../../src/ui/canary-plain.ts';
import { lookAhead, lookData, metricsData, proven } from '../report/looks.ts';

/** What is told of looks that come one after another. */
function told(...looks: readonly JsonObject[]) {
  const teller = lookTeller();
  return looks.map((data) => teller(data));
}

const silent = { tell: false, under: [] };

describe('a watch in a log', () => {
  it('tells the first look and then, of looks without a change, each tenth', () => {
    const all = told(...Array.from({ length: 22 }, (_, i) => lookData({ readings: i })));
    expect(all.flatMap((telling, i) => (telling?.tell === true ? [i] : []))).toEqual([0, 10, 20]);
  });

  it('tells each change of a gate at once, with what changed', () => {
    const metrics = metricsData({ errors: proven });
    const [, change, after] = told(lookData(), lookData({ metrics }), lookData({ metrics }));
    expect(change).toEqual({
      tell: true,
      under: ['errors: collecting evidence -> proven green'],
    });
    expect(after).toEqual(silent);
  });

  it('tells of a guard only its band', () => {
    const collecting = metricsData({ 'stylist-latency': { state: 'collecting' } });
    const red = metricsData({ 'stylist-latency': { state: 'red', band: 'red' } });
    const [, quiet, loud] = told(
      lookData(),
      lookData({ metrics: collecting }),
      lookData({ metrics: red }),
    );
    expect(quiet).toEqual(silent);
    expect(loud?.under).toEqual(['stylist-latency: collecting evidence -> RED']);
  });

  it('tells the verdict with its reasons, an extension, drift and a broken split', () => {
    const split = { observed: 0.2, mismatch: true, words: 'split is broken' };
    const changes: readonly (readonly [JsonObject, readonly string[]])[] = [
      [
        { state: 'red', band: 'red', why: ['errors: proven over its red line'] },
        ['verdict: collecting evidence -> RED', 'errors: proven over its red line'],
      ],
      [{ extended: true }, ['the window is extended, once']],
      [{ drift: 'the flag was changed' }, ['the flag was changed']],
      [{ split }, ['split is broken']],
    ];
    for (const [change, words] of changes) {
      expect(told(lookData(), lookData(change))[1]).toEqual({ tell: true, under: words });
    }
  });

  it('tells once that it cannot measure, however often that fails, and once that it can again', () => {
    const failed = (failures: number) => lookData({ failures, lastFailure: 'refused' });
    expect(told(lookData(), failed(1), failed(2), failed(3), lookData()).slice(1)).toEqual([
      { tell: true, under: ['not measured once: refused'] },
      silent,
      silent,
      { tell: true, under: ['measured again'] },
    ]);
  });

  it('tells everything that was foreseen', () => {
    expect(told(lookAhead)).toEqual([
      {
        tell: true,
        under: [
          'errors: 900 sessions expected, can be proven',
          'csat: 4 answers expected, cannot be proven',
        ],
      },
    ]);
  });

  it('takes the first look of another watch as a first one', () => {
    const ramp = lookData({ watch: 'ramp', metrics: metricsData({ errors: proven }) });
    expect(told(lookData(), ramp)[1]).toEqual({ tell: true, under: [] });
  });

  it('has nothing to say of other progress', () => {
    expect(told({ lines: 3 })).toEqual([null]);
    expect(lookTeller()(undefined)).toBeNull();
  });
});
