import { plannedOrigins, readEnvironmentsList } from '../checks/environments-list.ts';
import { loadPlan } from '../plan/load-plan.ts';
import { checkPlanKinds } from '../release/check-plan.ts';
import type { OpenedPlan } from './opening.ts';

/** Reads a plan and checks each kind that it names, with its parameters. PLAN_INVALID. */
export async function readPlan(directory: string): Promise<OpenedPlan> {
  const plan = await loadPlan(directory);
  await checkPlanKinds(plan);
  return { plan, origins: plannedOrigins(await readEnvironmentsList(directory)) };
}
