import { AuroraError } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import { productionTouched } from './production-touched.ts';
import type { Run } from './run-context.ts';
import type { ReleaseState } from './state.ts';
import { undoStep } from './undo-step.ts';

type ReleaseCreated = EventData['release.created'];

/** A release that stands or runs, and has not ended. RELEASE_STATE. */
export function requireOpen(state: ReleaseState, what: string): ReleaseCreated {
  const { created } = state;
  if (created !== null && state.rollback === null && state.ended === null) return created;
  const how = state.outcome ?? (state.rollback === null ? 'never begun' : 'rolling back');
  throw new AuroraError('RELEASE_STATE', `release ${state.id} cannot be ${what}: ${how}`);
}

/** That aborting is still possible: customers have not met the candidate. RELEASE_STATE. */
export function requireAbortable({ plan }: Pick<Engine, 'plan'>, state: ReleaseState): void {
  requireOpen(state, 'aborted');
  const { environment } = plan.flags;
  if (!productionTouched(state, environment)) return;
  throw new AuroraError('RELEASE_STATE', `release ${state.id} has touched ${environment} already`, {
    remedy: `\`aurora rollback ${state.id}\` brings back what customers had.`,
  });
}

/**
 * Ends a release that customers have not met: puts back what its steps did, newest first, and says
 * what could not be. RELEASE_STATE once production was touched: nothing is put back then.
 */
export async function abortRun(run: Run, reason: string): Promise<ExitCode> {
  const { engine, log } = run;
  requireAbortable(engine, log.state);
  for (const step of [...engine.plan.steps].reverse()) await undoStep(run, step);
  const left = [...log.state.effects.values()].filter((one) => one.status === 'undo-failed');
  const still = left.map((one) => one.title).join(', ');
  const words = left.length === 0 ? reason : `${reason}; could not be put back: ${still}`;
  await log.append('release.ended', { outcome: 'aborted', exit: 3, reason: words });
  return 3;
}
