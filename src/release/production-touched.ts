import type { EnvironmentName } from '../base/environments.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { ReleaseState } from './state.ts';

/** Starting an idle slot changes nothing for customers. */
const unseen: readonly string[] = ['start-slot'];

/** Whether a step of the plan changes anything in an environment, be it a slot that nobody sees. */
export function changesEnvironment(step: PlanStep, environment: EnvironmentName): boolean {
  return step.moves.some(
    (move) =>
      move.type === 'effect' &&
      (move.params.environment === environment || move.params.environment === 'both'),
  );
}

/**
 * Whether customers may have met the candidate. An act that was running when its process died, or
 * that failed, counts: nobody knows how far it got.
 */
export function productionTouched(state: ReleaseState, production: EnvironmentName): boolean {
  if (state.facts.deployedAt !== undefined) return true;
  return [...state.effects].some(([key, effect]) => {
    // `6/set-cohort/production/5`
    const [, kind = '', environment] = key.split('/');
    return environment === production && effect.status !== 'undone' && !unseen.includes(kind);
  });
}
