import type { ReleaseState } from '../../release/state.ts';
import type { Truth } from '../stream.ts';

/** How a release ended, and what that says of its build. */
export interface Known {
  readonly truth: Truth;
  readonly outcome: string;
}

/** The steps that a person let pass though they were not a go. */
function passedOver(state: ReleaseState): string {
  const steps = [...state.steps.values()].filter(({ skipped }) => skipped !== null);
  if (steps.length === 0) return '';
  return `, step ${steps.map(({ step }) => step).join(', ')} passed over by ${steps[0]?.skipped?.by}`;
}

/**
 * What became of a release whose canary was recorded. Released and kept: the build was good, also
 * where a person passed a step over. Rolled back, at a gate or by hand: it was bad. Anything else
 * leaves it open.
 */
export function knownOf(state: ReleaseState): Known {
  const at = Math.max(0, ...state.steps.keys());
  switch (state.outcome) {
    case 'released':
      return { truth: 'good', outcome: `released${passedOver(state)}` };
    case 'rolled-back':
    case 'rollback-incomplete':
      return { truth: 'bad', outcome: `rolled back at step ${at}${passedOver(state)}` };
    case null:
      return { truth: 'unknown', outcome: `not ended, at step ${at}` };
    default:
      return { truth: 'unknown', outcome: `${state.outcome} at step ${at}` };
  }
}
