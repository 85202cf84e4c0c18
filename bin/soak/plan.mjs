// The plan of the soak: the shipped one up to the flag at 5 %, then one canary after the other.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

const isCanary = ({ do: moves }) => moves.some(({ check }) => check === 'canary');

/** The number of the step before the first canary: what a release is carried out up to. */
export const lastBefore = (steps) => steps.findIndex(isCanary);

/**
 * Writes checklists like the shipped ones into `directory`, with the canary's step `count` times and
 * nothing behind it. Answers the number of the first canary's step.
 */
export async function writeSoakPlan(root, directory, count) {
  await rm(directory, { recursive: true, force: true });
  await cp(join(root, 'checklists'), directory, { recursive: true });
  const path = join(directory, 'release.yaml');
  const plan = parse(await readFile(path, 'utf8'));
  const before = lastBefore(plan.steps);
  if (before < 1) throw new Error('the plan watches no canary');
  const canary = plan.steps[before];
  const canaries = Array.from({ length: count }, (_, index) => ({
    ...canary,
    step: before + 1 + index,
    id: `${canary.id}-${index + 1}`,
  }));
  plan.steps = [...plan.steps.slice(0, before), ...canaries];
  await writeFile(path, stringify(plan));
  return before + 1;
}

/** A configuration like the stack's own that goes by this plan. Answers its path. */
export async function writeSoakConfig(config, plan) {
  const path = join(dirname(config), 'soak.config.yaml');
  const text = await readFile(config, 'utf8');
  await writeFile(path, `${text}\nplan: ${JSON.stringify(plan)}\n`);
  return path;
}
