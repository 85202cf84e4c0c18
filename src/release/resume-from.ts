import { AuroraError } from '../base/errors.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import { productionTouched } from './production-touched.ts';
import { nextStep, type RunSpan } from './run-steps.ts';
import type { ReleaseState } from './state.ts';

/**
 * Where a release goes on: at the first step that is not yet a go, or from an earlier one again.
 * RELEASE_STATE for a step that it has not got to, and for any once customers may have met the
 * candidate: what was measured of them cannot be measured again.
 */
export function resumeFrom(
  { plan }: Pick<Engine, 'plan'>,
  state: ReleaseState,
  { from }: RunSpan,
): EventData['release.resumed'] {
  const due = nextStep(state, plan.steps)?.step ?? plan.steps.length;
  if (from === undefined) return { from: due };
  if (from > due) {
    throw new AuroraError(
      'RELEASE_STATE',
      `release ${state.id} stands at step ${due}, not at ${from}`,
      {
        remedy: `\`aurora resume ${state.id}\` goes on there; only a new release may begin later.`,
      },
    );
  }
  if (productionTouched(state, plan.flags.environment)) {
    throw new AuroraError(
      'RELEASE_STATE',
      `release ${state.id} has touched ${plan.flags.environment}`,
      {
        remedy: `\`aurora resume ${state.id}\` goes on at step ${due}; \`aurora rollback ${state.id}\` goes back.`,
      },
    );
  }
  return { from, again: true };
}
