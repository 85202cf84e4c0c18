import { readChecklist } from '../checks/checklist.ts';
import { readEnvironmentsList } from '../checks/environments-list.ts';
import { postDeploySchema } from '../checks/post-deploy/list.ts';
import { readPreFlightList } from '../checks/pre-flight-list.ts';
import { readSmokeList } from '../checks/smoke/list.ts';
import { sloSchema } from '../judge/slo.ts';
import type { Plan } from '../plan/plan.ts';

/** Validates every checklist beside the plan. PLAN_INVALID names file, line and path. */
export async function validateChecklists({ directory }: Plan): Promise<void> {
  await readEnvironmentsList(directory);
  await readPreFlightList(directory);
  await readSmokeList(directory);
  await readChecklist(directory, 'slo.yaml', sloSchema);
  await readChecklist(directory, 'post-deploy.yaml', postDeploySchema);
}
