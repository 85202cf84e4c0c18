import { describe, expect, it } from 'vitest';
import { canary } from '../../../src/checks/canary/kinds.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { params, watched } from './watched.ts';

const short = { ...params, for: '10 min', extend: '1 min' };

describe('what is said before a canary', () => {
  it('is what this window can prove, from the traffic of the stable build', async () => {
    const { run, told } = watched();
    const results = await run();
    expect(told[0]?.text).toBe(
      'can prove errors, products-latency, csat; foreseen from the last hour',
    );
    expect(told[0]?.data).toMatchObject({ watch: 'canary', over: 'the last hour' });
    expect(results[0]?.evidence).toMatchObject({
      forecast: expect.arrayContaining([
        expect.objectContaining({
          id: 'errors',
          provable: true,
          words: expect.stringContaining('900 sessions expected, 679 clean ones needed'),
        }),
      ]),
    });
  });

  it('is said loudly where a gate cannot be proven, with what would do; yet it starts', async () => {
    const { context, told, clock } = watched();
    const results = await canary.run(short, context);
    expect(told[0]?.text).toMatch(/^CANNOT prove errors: 300 sessions expected.*would do/);
    expect(clock.slept.length).toBeGreaterThan(9);
    // 100 sessions a minute came, more than were foreseen.
    expect(results[0]?.status).toBe('pass');
  });

  it('holds at once where the plan asks for a window that can prove every gate', async () => {
    const { context, clock } = watched();
    const results = await canary.run({ ...short, requireFeasible: true }, context);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      id: 'canary',
      status: 'inconclusive',
      observed: expect.stringContaining('CANNOT prove errors'),
    });
    expect(clock.slept).toEqual([]);
  });

  it('is repeated where the watch was not green', async () => {
    const { context } = watched({ read: (minute) => reading(cohort(minute * 30)) });
    const [verdict] = await canary.run(short, context);
    expect(verdict).toMatchObject({
      status: 'inconclusive',
      observed: expect.stringContaining('foreseen: this window cannot prove errors'),
    });
  });
});

describe('a first launch', () => {
  it('is judged by the bands alone, and says so', async () => {
    const base = watched().context.facts;
    const { run, told } = watched({ change: { facts: { ...base, stable: null } } });
    const words = 'no control: first launch, judged by the bands alone';
    expect((await run())[0]).toMatchObject({
      status: 'pass',
      observed: expect.stringContaining(words),
    });
    expect(told.map(({ text }) => text)).toContain(words);
  });
});

describe('the results of a watch', () => {
  it('name for each metric its samples, interval, evidence, control and quantiles', async () => {
    const results = await watched().run();
    const latency = results.find(({ id }) => id === 'canary/products-latency');
    expect(latency?.observed).toMatch(
      /^0 of 1500 sessions slower than 300 ms \(0 %\), 95 % interval 0 % to 0.26 %, proven p95 below 300 ms \(E = .*\); of all requests p95 0 to 100 ms, 95 % interval 0 ms to 100 ms \(1500 samples\)$/,
    );
    expect(latency?.evidence).toEqual({
      quantiles: { p50: [0, 100], p95: [0, 100], p99: [0, 100] },
    });
  });

  it('say how customers were split', async () => {
    expect((await watched().run())[0]?.observed).toContain(
      'split: 5 % of 50000 sessions, configured 5 %: as configured',
    );
  });

  it('hold where customers were split otherwise', async () => {
    const { run } = watched({ control: (minute) => reading(cohort(minute * 900)) });
    expect((await run())[0]).toMatchObject({
      status: 'inconclusive',
      observed: expect.stringContaining('the split is broken'),
    });
  });
});
