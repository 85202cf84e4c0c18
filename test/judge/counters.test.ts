import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  type Counts,
  countsBetween,
  noCounts,
  totalRequests,
} from '../../src/judge/counters.ts';
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

  const sessionsOf = (counts: Counts) => counts.endpoints[products]?.sessions;
  const withoutSessions = (counts: Counts): Counts => ({
    ...counts,
    endpoints: Object.fromEntries(
      Object.entries(counts.endpoints).map(([path, { sessions, ...rest }]) => [path, rest]),
    ),
  });

  it('hold the sessions of an endpoint, by every bound', () => {
    const before = reading(cohort(100, { errors: 2, slow: 3 }));
    const now = reading(cohort(250, { errors: 5, slow: 10 }));
    expect(sessionsOf(countsBetween(before, now))).toMatchObject({ n: 75, bad: 3 });
    const slow = sessionsOf(countsBetween(before, now))?.slow;
    expect(slow?.find(({ overMs }) => overMs === 300)?.n).toBe(7);
    expect(slow?.find(({ overMs }) => overMs === 700)?.n).toBe(0);
  });

  it('see a reset in the sessions of an endpoint alone', () => {
    const before = reading(cohort(200, { errors: 4, slow: 9 }));
    const now = reading(cohort(260, { errors: 4, slow: 2 }));
    expect(countsBetween(before, now)).toEqual(cohort(260, { errors: 4, slow: 2 }));
  });

  it('begin with the sessions of an endpoint that nobody had asked', () => {
    const counts = countsBetween(reading(noCounts), reading(cohort(10)));
    expect(sessionsOf(counts)?.n).toBe(5);
    expect(sessionsOf(addCounts(noCounts, cohort(10)))?.n).toBe(5);
  });

  it('know no sessions of an endpoint where one side did not count them', () => {
    const one = cohort(100);
    expect(sessionsOf(addCounts(one, withoutSessions(one)))).toBeUndefined();
    expect(
      sessionsOf(countsBetween(reading(withoutSessions(one)), reading(cohort(200)))),
    ).toBeUndefined();
  });

  it('stay unknown where the source does not count them', () => {
    const blind = { ...cohort(10), unknown: ['csat' as const] };
    expect(addCounts(noCounts, blind).unknown).toEqual(['csat']);
    expect(countsBetween(reading(blind), reading({ ...blind, ...cohort(20) })).unknown).toEqual([
      'csat',
    ]);
    expect(countsBetween(reading(blind, '1'), reading(blind, '2')).unknown).toEqual(['csat']);
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
        expect(sum.endpoints[products]).toEqual(last.endpoints[products]);
        expect(totalRequests(sum).n).toBe(Math.floor(sessions / 2));
      }),
    );
  });
});
