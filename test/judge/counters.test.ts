import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCounts, countsBetween, noCounts, totalRequests } from '../../src/judge/counters.ts';
import { cohort, products, reading } from './counts.ts';

describe('counts between two readings', () => {
  it('are the difference while one process counts', () => {
    const before = reading(cohort(100, { bad: 2 }));
    const now = reading(cohort(250, { bad: 5, errors: 3 }));
    const counts = countsBetween(before, now);
    expect(counts.sessions).toEqual({ n: 150, bad: 3 });
    expect(counts.endpoints[products]).toMatchObject({ requests: 75, errors: 3 });
    expect(counts.endpoints[products]?.latency.at(-1)?.count).toBe(75);
  });

  it('are all of the new process after a restart, even when it counted more', () => {
    const counts = countsBetween(reading(cohort(100), '1'), reading(cohort(130), '2'));
    expect(counts.sessions.n).toBe(130);
  });

  it('are never negative when a counter fell in the same epoch', () => {
    const counts = countsBetween(reading(cohort(1_000, { bad: 9 })), reading(cohort(40)));
    expect(counts).toEqual(cohort(40));
  });

  it('know an endpoint that was not asked before', () => {
    const counts = countsBetween(reading(noCounts), reading(cohort(10)));
    expect(counts.endpoints[products]?.requests).toBe(5);
    expect(counts.endpoints[products]?.latency.length).toBeGreaterThan(0);
  });

  it('add up to the last reading however often one looks', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, (increments) => {
        let sessions = 0;
        let last = reading(cohort(0));
        let sum = noCounts;
        for (const more of increments) {
          sessions += more;
          const now = reading(cohort(sessions));
          sum = addCounts(sum, countsBetween(last, now));
          last = now;
        }
        expect(sum.sessions).toEqual(last.sessions);
        expect(sum.csat).toEqual(last.csat);
        expect(totalRequests(sum).n).toBe(Math.floor(sessions / 2));
      }),
    );
  });
});
