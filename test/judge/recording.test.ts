import { describe, expect, it } from 'vitest';
import { packReading, unpackReading } from '../../src/judge/recording.ts';
import type { CohortCounters } from '../../src/services/metrics/metrics.ts';
import { cohort, products, reading, requests } from './counts.ts';
import { lookAt, unread } from './readings.ts';

const rich: CohortCounters = {
  ...reading(cohort(800, { bad: 3, slow: 2 })),
  at: 1_760_000_000_123,
  since: 1_759_999_999_000,
  unknown: ['csat'],
  endpoints: {
    [products]: {
      ...requests(400, 5, 7),
      sessions: {
        n: 300,
        bad: 4,
        slow: [
          { overMs: 300, n: 6 },
          { overMs: 450, n: 1 },
        ],
      },
    },
  },
};

const full = lookAt(3, rich, reading(cohort(9_000)), {
  probes: { 'order-status-latency': { n: 4, bad: 1, badRed: 0 } },
  drift: 'candidate at 50 %',
  flagError: 'no answer',
});

describe('a recorded look', () => {
  it('comes back as it was, through text', () => {
    const text = JSON.stringify(packReading(full));
    expect(unpackReading(JSON.parse(text))).toEqual(full);
  });

  it('keeps the open end of a histogram, for which JSON has no word', () => {
    const text = JSON.stringify(packReading(full));
    const found = unpackReading(JSON.parse(text));
    if (found === null || 'error' in found.candidate) throw new Error('not a reading');
    expect(found.candidate.endpoints[products]?.latency.at(-1)?.leMs).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it.each([
    ['a failed measurement', lookAt(1, unread, unread)],
    ['a first launch', lookAt(1, reading(cohort(3)), null)],
  ])('keeps %s', (_name, look) => {
    expect(unpackReading(packReading(look))).toEqual(look);
  });

  it('is small: two cohorts of six endpoints in under 4,000 characters', () => {
    const paths = Array.from({ length: 6 }, (_, index) => `/api/concierge/route-${index}`);
    const endpoints = Object.fromEntries(paths.map((path) => [path, requests(12_345, 67, 89)]));
    const one = { ...rich, endpoints };
    expect(JSON.stringify(packReading(lookAt(9, one, one))).length).toBeLessThan(4_000);
  });

  it.each([
    null,
    'text',
    [],
    {},
    { v: 2 },
    { ...packReading(full), can: null },
    { ...packReading(full), extra: 1 },
  ])('is not made of anything else: %j', (json) => {
    expect(unpackReading(json)).toBeNull();
  });
});
