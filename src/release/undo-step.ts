import { AuroraError, hasCode } from '../base/errors.ts';
import { createEffect } from '../effects/registry.ts';
import type { PlanStep } from '../plan/plan.ts';
import { recordError } from './recorded-error.ts';
import { type Run, stepEffectContext } from './run-context.ts';

/**
 * Puts back what this step did, newest first, and looks whether it is gone; what could not be put
 * back, or still shows, is written down.
 */
export async function undoStep(run: Run, step: PlanStep): Promise<void> {
  const { engine, log } = run;
  const context = stepEffectContext(run);
  const moves = step.moves.filter((move) => move.type === 'effect').reverse();
  for (const move of moves) {
    const effect = createEffect(move.kind, move.params, context);
    const key = `${step.step}/${effect.key}`;
    const done = log.state.effects.get(key);
    if (done === undefined || done.status === 'undone' || effect.undo === undefined) continue;
    const name = { step: step.step, key, title: effect.title };
    try {
      await run.guard();
      await effect.undo(done.before, engine.signal);
      const { applied } = await effect.probe(engine.signal);
      if (applied) throw new AuroraError('EFFECT_FAILED', `${effect.title}: it is still so`);
      await log.append('effect.undone', name);
    } catch (error) {
      if (engine.signal.aborted || hasCode(error, 'LEASE_LOST')) throw error;
      await log.append('effect.undo-failed', { ...name, error: recordError(error) });
    }
  }
}
