import { AuroraError } from '../base/errors.ts';
import { checkKinds, findCheckKind } from '../checks/registry.ts';
import { pathText } from '../config/explain.ts';
import { placeInYaml } from '../config/yaml-file.ts';
import { effectKind, effectKinds } from '../effects/registry.ts';
import type { MoveParams, Plan } from '../plan/plan.ts';

interface Named {
  validate(params: MoveParams): string | null;
}

/** A move or a compensation, with where it stands. */
interface Written {
  readonly file: string;
  readonly path: readonly PropertyKey[];
  readonly found: Named | undefined;
  readonly known: readonly string[];
  readonly kind: string;
  readonly params: MoveParams;
}

function movesOf({ steps }: Plan): readonly Written[] {
  return steps.flatMap((step, at) =>
    step.moves.flatMap((move, index): Written[] => {
      if (move.type === 'approval') return [];
      const { kind, params } = move;
      const path = ['steps', at, 'do', index];
      const written = { file: 'release.yaml', path, kind, params };
      return move.type === 'check'
        ? [{ ...written, found: findCheckKind(kind), known: checkKinds }]
        : [{ ...written, found: effectKind(kind), known: effectKinds }];
    }),
  );
}

function compensationsOf({ rollback }: Plan): readonly Written[] {
  return rollback.flatMap((phase, at) =>
    phase.map(({ kind, params }, index) => ({
      file: 'rollback.yaml',
      path: ['phases', at, 'do', index],
      found: effectKind(kind),
      known: effectKinds,
      kind,
      params,
    })),
  );
}

/** What is wrong with a move, and where in its file; undefined when nothing is. */
function problemOf({ found, known, kind, params, path }: Written) {
  if (found === undefined) {
    return { path, message: `"${kind}" is not known; known are ${known.join(', ')}` };
  }
  const message = found.validate(params);
  return message === null ? undefined : { path: [...path, 'with'], message };
}

/**
 * Checks that every move of a plan names a kind that aurora has, with parameters that fit.
 * PLAN_INVALID with `file:line` and path otherwise; nothing has been changed by then.
 */
export async function checkPlanKinds(plan: Plan): Promise<void> {
  for (const written of [...movesOf(plan), ...compensationsOf(plan)]) {
    const problem = problemOf(written);
    if (problem === undefined) continue;
    throw new AuroraError('PLAN_INVALID', `${pathText(problem.path)}: ${problem.message}`, {
      where: await placeInYaml(`${plan.directory}/${written.file}`, problem.path),
    });
  }
}
