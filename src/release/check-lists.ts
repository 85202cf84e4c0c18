import { readChecklist } from '../checks/checklist.ts';
import { readEnvironmentsList } from '../checks/environments-list.ts';
import { postDeploySchema } from '../checks/post-deploy/list.ts';
import { readPreFlightList } from '../checks/pre-flight-list.ts';
import { readScreensList } from '../checks/screens/list.ts';
import { readSmokeList } from '../checks/smoke/list.ts';
import { sloSchema } from '../judge/slo.ts';
import type { Plan } from '../plan/plan.ts';

/** Validates every checklist beside the plan. PLAN_INVALID names file, line and path. */
export async function validateChecklists({ directory, steps }: Plan): Promise<void> {
  await readEnvironmentsList(directory);
  await readPreFlightList(directory);
  await readSmokeList(directory);
  for (const list of screensNamedIn(steps)) await readScreensList(directory, list);
  await readChecklist(directory, 'slo.yaml', sloSchema);
  await readChecklist(directory, 'post-deploy.yaml', postDeploySchema);
}

/** The checklists of screenshots that a plan uses; one without screenshots needs none. */
function screensNamedIn(steps: Plan['steps']): readonly string[] {
  return steps
    .flatMap(({ moves }) => moves)
    .flatMap((move) => {
      if (move.type !== 'check') return [];
      const { kind, params } = move;
      if (kind !== 'screens' && params.screens !== 'auto') return [];
      return [typeof params.list === 'string' ? params.list : 'screens.yaml'];
    });
}
