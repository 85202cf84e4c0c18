import { AuroraError } from '../base/errors.ts';
import { checkKinds, findCheckKind } from '../checks/registry.ts';
import { effectKind, effectKinds } from '../effects/registry.ts';
import type { MoveParams, Plan } from '../plan/plan.ts';

interface Named {
  validate(params: MoveParams): string | null;
}

function refuseMove(where: string, path: string, message: string): never {
  throw new AuroraError('PLAN_INVALID', `${path}: ${message}`, { where });
}

function checkMove(
  where: string,
  path: string,
  found: Named | undefined,
  move: { readonly kind: string; readonly params: MoveParams },
  known: readonly string[],
): void {
  if (found === undefined) {
    refuseMove(where, path, `"${move.kind}" is not known; known are ${known.join(', ')}`);
  }
  const problem = found.validate(move.params);
  if (problem !== null) refuseMove(where, `${path}/with`, problem);
}

/**
 * Checks that every move of a plan names a kind that aurora has, with parameters that fit.
 * PLAN_INVALID with file and path otherwise; nothing has been changed by then.
 */
export function checkPlanKinds(plan: Plan): void {
  const release = `${plan.directory}/release.yaml`;
  for (const step of plan.steps) {
    for (const [index, move] of step.moves.entries()) {
      const path = `steps/${step.step - 1}/do/${index}`;
      if (move.type === 'check')
        checkMove(release, path, findCheckKind(move.kind), move, checkKinds);
      if (move.type === 'effect')
        checkMove(release, path, effectKind(move.kind), move, effectKinds);
    }
  }
  for (const [phase, compensations] of plan.rollback.entries()) {
    for (const [index, compensation] of compensations.entries()) {
      const path = `phases/${phase}/do/${index}`;
      checkMove(
        `${plan.directory}/rollback.yaml`,
        path,
        effectKind(compensation.kind),
        compensation,
        effectKinds,
      );
    }
  }
}
