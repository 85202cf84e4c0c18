import { describe, expect, it } from 'vitest';
import type { CohortQuery } from '../../../src/services/metrics/metrics.ts';
import { stable } from '../support/context.ts';
import { began, watched } from './watched.ts';

const lagMs = 20_000;

/** A watch over a source whose counts are complete only after a while, and what it asked for. */
async function lagging() {
  const queries: CohortQuery[] = [];
  const { context, clock, run } = watched();
  const metrics = await context.services.metrics('production');
  context.services.metrics = async () => ({
    ...metrics,
    lagMs,
    read: async (query, signal) => {
      queries.push(query);
      return metrics.read(query, signal);
    },
  });
  return { results: await run(), queries, clock };
}

describe('the window of a watch', () => {
  it('is the same for both cohorts at every look, up to now less the lag', async () => {
    const { queries } = await lagging();
    const of = (control: boolean) =>
      queries
        .filter(({ build }) => (build === stable) === control)
        .map(({ since, until }) => [since, until]);
    expect(of(true)).toEqual(of(false));
    expect(of(true)[0]).toEqual([began - 5_000, began]);
    expect(of(true).at(-1)).toEqual([began - 5_000, began + 30 * 60_000]);
  });

  it('is whole although its counts come late: the watch takes so much longer', async () => {
    const { results, clock } = await lagging();
    expect(results[0]).toMatchObject({ status: 'pass', evidence: { elapsedMs: 30 * 60_000 } });
    expect(clock.now()).toBe(began + 30 * 60_000 + lagMs);
  });
});
