import type { Band } from '../checks/check.ts';

/** How far a metric, or a whole verdict, has come. */
export type JudgeState = 'pending' | 'warming' | 'collecting' | 'green' | 'amber' | 'red';

/** How the measuring goes: an error of it is not a failure of what is measured. */
export interface MeasuringHealth {
  /** Measurements that succeeded. */
  readonly readings: number;
  /** Measurements that failed in a row, the last one included. */
  readonly failures: number;
  readonly lastFailure: string | null;
}

export const notYetMeasured: MeasuringHealth = { readings: 0, failures: 0, lastFailure: null };

/** A success resets the count of failures. */
export function afterSuccess({ readings }: MeasuringHealth): MeasuringHealth {
  return { readings: readings + 1, failures: 0, lastFailure: null };
}

export function afterFailure(
  { readings, failures }: MeasuringHealth,
  why: string,
): MeasuringHealth {
  return { readings, failures: failures + 1, lastFailure: why };
}

/** Failed measurements in a row after which the judge says that it cannot see. */
export const failuresToAmber = 5;

/** What a state follows from. */
export interface StateFacts {
  /** What the counts prove now. */
  readonly band: Band;
  /** Enough samples for a verdict, whatever it is. */
  readonly enough: boolean;
  readonly health: MeasuringHealth;
  /** The window, with its extension, has ended. */
  readonly over: boolean;
}

/**
 * The state. Red stays red, since a proof does not vanish for want of a measurement. Green needs the
 * last measurement to have succeeded: counts that are too old prove nothing of now.
 */
export function stateOf({ band, enough, health, over }: StateFacts): JudgeState {
  if (band === 'red') return 'red';
  if (health.failures >= failuresToAmber) return 'amber';
  if (band === 'green' && health.failures === 0 && health.readings > 0) return 'green';
  if (over) return 'amber';
  if (health.readings === 0) return 'pending';
  return enough ? 'collecting' : 'warming';
}
