import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawSeries } from '../../../src/services/metrics/prometheus-api.ts';
import { countNow, countWindow } from '../../../src/services/metrics/window.ts';

const start = 'start_seconds';

/** Samples by second; `null` where a scrape does not have the series. */
function series(
  name: string,
  values: readonly (number | null)[],
  instance = 'a',
  firstSecond = 0,
): RawSeries {
  return {
    labels: { __name__: name, job: 'concierge', instance },
    samples: values.flatMap((value, at) =>
      value === null ? [] : [{ at: (firstSecond + at) * 1_000, value }],
    ),
  };
}

const grownIn = (
  all: readonly RawSeries[],
  [since, until]: readonly [number, number],
  name = 'n',
) => {
  const { grown } = countWindow(all, { since: since * 1_000, until: until * 1_000 }, start);
  return grown
    .filter(({ labels }) => labels.__name__ === name)
    .reduce((sum, { value }) => sum + value, 0);
};

describe('a window over stored samples', () => {
  const steady = series('n', [10, 11, 13, 16, 20]);

  it('counts from the last scrape at or before it to the first at or after it', () => {
    expect(grownIn([steady], [1, 3])).toBe(5);
    expect(grownIn([steady], [1.5, 2.5])).toBe(5);
    expect(grownIn([steady], [1.5, 3.5])).toBe(9);
  });

  it('counts a counter that appears in it from zero, where its target was scraped before', () => {
    const failures = series('failures', [null, null, 4, 5, 5]);
    expect(grownIn([steady, failures], [1, 4], 'failures')).toBe(5);
  });

  it('counts everything of a process that began in it', () => {
    const late = series('n', [7, 9], 'a', 3);
    expect(grownIn([late, series(start, [2.5, 2.5], 'a', 3)], [1, 4])).toBe(9);
    expect(grownIn([late], [1, 4])).toBe(9);
  });

  it('leaves out what an older process had counted before it was first scraped', () => {
    const found = [series('n', [700, 709], 'a', 3), series(start, [-900, -900], 'a', 3)];
    expect(grownIn(found, [1, 4])).toBe(9);
  });

  it('sees a restart by the fall of a counter', () => {
    expect(grownIn([series('n', [10, 12, 3, 4])], [0, 3])).toBe(2 + 4);
  });

  it('sees a restart by the start of the process, where the counter does not fall', () => {
    const restarted = [series('n', [10, 12, 30, 31]), series(start, [-5, -5, 1.5, 1.5])];
    expect(grownIn(restarted, [0, 3])).toBe(2 + 31);
  });

  it('takes a start that a clock adjustment moved a little for the same process', () => {
    expect(grownIn([series('n', [10, 12, 30]), series(start, [-5, -5.2, -4.9])], [0, 2])).toBe(20);
  });

  it('counts from zero after a restart that took the series away for a while', () => {
    const restarted = [
      series('failures', [3, 3, null, 5]),
      series('n', [10, 12, 1, 6]),
      series(start, [-5, -5, 1.5, 1.5]),
    ];
    expect(grownIn(restarted, [0, 3], 'failures')).toBe(5);
  });

  it('ignores what a series held before its target was last scraped before the window', () => {
    const old = [series('failures', [9, null, 2, 2]), series('n', [1, 2, 3, 4])];
    expect(grownIn(old, [1, 3], 'failures')).toBe(2);
  });

  it('keeps what a target that is gone did', () => {
    const gone = series('n', [0, 5, 8], 'gone');
    expect(grownIn([steady, gone], [0, 4])).toBe(10 + 8);
  });

  it('tells how far it reaches and how many targets say all', () => {
    const gone = series('n', [0, 5, 8], 'gone');
    const window = { since: 0, until: 4_000 };
    expect(countWindow([steady, gone], window, null)).toMatchObject({ newest: 4_000, complete: 1 });
  });

  it('without a beginning is what the running processes show', () => {
    const gone = series('n', [0, 5, 8], 'gone');
    const now = countNow([steady, gone, series(start, [-5, -5, -5, -5, -5])], 3_000, start);
    expect(now.grown.map(({ value }) => value)).toEqual([16]);
    expect(now.epoch).toBe('-5');
  });

  it('is exact for any requests, scrapes and restarts, as long as a scrape sees each life out', () => {
    const event = fc.record({
      requests: fc.nat({ max: 50 }),
      restart: fc.boolean(),
      scraped: fc.boolean(),
    });
    const instance = fc.array(event, { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(instance, { minLength: 1, maxLength: 3 }), (instances) => {
        let served = 0;
        const all = instances.flatMap((events, which) => {
          const counted = { at: [] as { at: number; value: number }[], starts: [] as number[] };
          let value = 0;
          let begun = 0;
          const scrape = (at: number) => {
            counted.at.push({ at, value });
            counted.starts.push(begun);
          };
          scrape(0);
          for (const [index, { requests, restart, scraped }] of events.entries()) {
            const at = (index + 1) * 1_000;
            value += requests;
            served += requests;
            // What is counted between the last scrape and the end of a process is nowhere.
            if (scraped || restart) scrape(at);
            if (!restart) continue;
            value = 0;
            begun = at + 1;
          }
          scrape(60_000);
          const labels = { job: 'j', instance: String(which) };
          return [
            { labels: { ...labels, __name__: 'n' }, samples: counted.at },
            {
              labels: { ...labels, __name__: start },
              samples: counted.at.map(({ at }, i) => ({
                at,
                value: (counted.starts[i] ?? 0) / 1_000,
              })),
            },
          ];
        });
        expect(grownIn(all, [0, 60])).toBe(served);
      }),
    );
  });
});
