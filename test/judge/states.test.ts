import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterSuccess,
  failuresToAmber,
  type MeasuringHealth,
  notYetMeasured,
  stateOf,
} from '../../src/judge/states.ts';

const failed = (times: number, from: MeasuringHealth = afterSuccess(notYetMeasured)) =>
  Array.from({ length: times }).reduce<MeasuringHealth>(
    (health) => afterFailure(health, 'connection refused'),
    from,
  );
const well = afterSuccess(notYetMeasured);
const facts = { band: 'amber', enough: true, health: well, over: false } as const;

describe('state of a judgement', () => {
  it('is pending before the first measurement, even while measurements fail', () => {
    expect(stateOf({ ...facts, health: notYetMeasured })).toBe('pending');
    expect(stateOf({ ...facts, health: failed(2, notYetMeasured) })).toBe('pending');
  });

  it('warms up until there are enough samples, then collects', () => {
    expect(stateOf({ ...facts, enough: false })).toBe('warming');
    expect(stateOf(facts)).toBe('collecting');
  });

  it('turns amber when the window is over without a proof', () => {
    expect(stateOf({ ...facts, over: true })).toBe('amber');
    expect(stateOf({ ...facts, enough: false, over: true })).toBe('amber');
  });

  it('turns amber after so many failed measurements in a row, and never green', () => {
    for (const band of ['amber', 'green'] as const) {
      expect(stateOf({ ...facts, band, health: failed(failuresToAmber - 1) })).toBe('collecting');
      expect(stateOf({ ...facts, band, health: failed(failuresToAmber) })).toBe('amber');
    }
    expect(stateOf({ ...facts, band: 'green', health: failed(1), over: true })).toBe('amber');
  });

  it('forgets failures after one success', () => {
    const back = afterSuccess(failed(failuresToAmber));
    expect(back).toEqual({ readings: 2, failures: 0, lastFailure: null });
    expect(stateOf({ ...facts, band: 'green', health: back })).toBe('green');
    expect(stateOf({ ...facts, health: failed(failuresToAmber - 1, back) })).toBe('collecting');
  });

  it('stays red whatever happens to the measurements', () => {
    expect(stateOf({ ...facts, band: 'red', health: failed(9), over: true })).toBe('red');
  });
});
