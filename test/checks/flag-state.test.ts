import { describe, expect, it } from 'vitest';
import { assessFlag } from '../../src/checks/flag-state.ts';
import type { FlagState, FlagStrategy } from '../../src/services/flags/flags.ts';
import { candidate, stable } from './support/context.ts';

const flag = 'AURORA_WIDGET_ENABLED';

function strategy(cohort: FlagStrategy['cohort'], percent: number, build: string): FlagStrategy {
  return { id: `${cohort}`, kind: 'flexibleRollout', cohort, percent, build, sortOrder: 1 };
}

function seen(...strategies: FlagStrategy[]): FlagState {
  return { name: flag, environment: 'production', enabled: true, strategies };
}

const wanted = (candidatePercent: number) =>
  ({ environment: 'production', flag, candidatePercent }) as const;
const assess = (percent: number, state: FlagState) => assessFlag(wanted(percent), candidate, state);

describe('flag state', () => {
  it('passes when clients get the candidate at the wanted share', () => {
    const state = seen(strategy('candidate', 5, candidate), strategy('stable', 100, stable));
    expect(assess(5, state)).toMatchObject({
      status: 'pass',
      observed: 'on, candidate cccccccccccc at 5 %, stable 555555555555 at 100 %',
    });
  });

  it.each([
    ['another share', seen(strategy('candidate', 25, candidate))],
    ['another build', seen(strategy('candidate', 5, stable))],
    ['no candidate', seen(strategy('stable', 100, stable))],
    ['the flag off', { ...seen(strategy('candidate', 5, candidate)), enabled: false }],
  ])('fails with %s', (_, state) => {
    expect(assess(5, state)).toMatchObject({ status: 'fail', remedy: expect.any(String) });
  });

  it('wants no candidate at 0 %', () => {
    expect(assess(0, seen(strategy('stable', 100, stable))).status).toBe('pass');
    expect(assess(0, seen(strategy('candidate', 5, candidate))).status).toBe('fail');
  });
});
