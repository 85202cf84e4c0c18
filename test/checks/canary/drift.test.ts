import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../src/checks/canary/flag-drift.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { candidate, stable } from '../support/context.ts';
import { unreachable } from '../support/watching.ts';
import { flagAt, params, resultOf, watched } from './watched.ts';

const expected = {
  name: 'AURORA_WIDGET_ENABLED',
  environment: 'production',
  build: candidate,
  percent: 5,
} as const;

describe('a flag that was edited', () => {
  it.each([
    ['as the release set it', flagAt(5), null],
    ['off', flagAt(5, { enabled: false }), 'off'],
    ['at another share', flagAt(50), 'on, candidate cccccccccccc at 50 %'],
    ['without a candidate', flagAt(5, { strategies: [] }), 'on, without a candidate'],
    [
      'with another build',
      flagAt(5, {
        strategies: flagAt(5).strategies.map((one) => ({ ...one, build: stable })),
      }),
      'on, candidate 555555555555 at 5 %',
    ],
  ])('is told in words: %s', (_name, seen, words) => {
    expect(driftOf(expected, seen)).toBe(words);
  });

  it('ends the watch at once and holds: other customers than before are counted now', async () => {
    const { run, clock } = watched({ flag: (minute) => flagAt(minute < 3 ? 5 : 50) });
    const results = await run();
    expect(clock.slept).toHaveLength(3);
    expect(results[0]).toMatchObject({
      id: 'canary',
      status: 'inconclusive',
      observed: expect.stringContaining('ended early: the flag was edited'),
    });
    expect(resultOf(results, 'canary/flag')).toMatchObject({
      status: 'inconclusive',
      expected: 'on, candidate cccccccccccc at 5 %',
      observed: 'clients see it on, candidate cccccccccccc at 50 %: somebody edited it',
      remedy: expect.stringContaining('Put it back to 5 %'),
    });
  });

  it('never covers up what is red', async () => {
    const { run } = watched({
      read: (minute) => reading(cohort(minute * 100, { bad: minute * 30 })),
      flag: (minute) => flagAt(minute < 1 ? 5 : 50),
    });
    expect((await run())[0]).toMatchObject({ status: 'fail', band: 'red' });
  });

  it('is not asked for in another environment than the one where it is the canary', async () => {
    const change = { flags: { canary: 'AURORA_WIDGET_ENABLED', environment: 'staging' } } as const;
    const { run } = watched({ flag: () => flagAt(50), change });
    expect((await run())[0]?.status).toBe('pass');
  });
});

describe('a flag that cannot be read', () => {
  const away = (from: number, to: number) => (minute: number) => {
    if (minute >= from && minute < to) throw unreachable();
    return flagAt(5);
  };

  it('is a remark, and no reason to hold once it can be read again', async () => {
    const { run, told } = watched({ flag: away(3, 20) });
    expect((await run())[0]?.status).toBe('pass');
    expect(told.map(({ text }) => text).join('\n')).toContain('the flag could not be read');
  });

  it('for good holds the release, though every metric was measured', async () => {
    const { run } = watched({ flag: away(3, 999) });
    const results = await run();
    expect(results[0]).toMatchObject({
      status: 'error',
      observed: expect.stringContaining('the flag: no answer'),
    });
    expect(resultOf(results, 'canary/errors').status).toBe('pass');
  });
});

describe('the parameters of a watch', () => {
  it('give sessions five minutes to end before the split is judged', () => {
    expect(params.settle).toBe('5 min');
  });
});
