import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuroraError, messageOf } from '../base/errors.ts';
import { digestJson, sha256 } from '../proof/digest.ts';
import { buildPlan } from './build-plan.ts';
import type { Plan } from './plan.ts';

const errors = { invalid: 'PLAN_INVALID', missing: 'PLAN_INVALID' } as const;

/**
 * SHA-256 over names and contents of every checklist: a change of any of them is another plan.
 * PLAN_INVALID when they cannot be read.
 */
export async function planDigest(directory: string): Promise<string> {
  try {
    const names = (await readdir(directory)).filter((name) => /\.ya?ml$/.test(name)).sort();
    const entries = await Promise.all(
      names.map(async (name) => [name, sha256(await readFile(join(directory, name)))] as const),
    );
    return digestJson(entries);
  } catch (cause) {
    throw new AuroraError('PLAN_INVALID', `the checklists cannot be read: ${messageOf(cause)}`, {
      where: directory,
      cause,
    });
  }
}

/** Reads the plan from a directory of checklists. PLAN_INVALID names file, line and path. */
export async function loadPlan(directory: string): Promise<Plan> {
  const digest = await planDigest(directory);
  const [{ readYamlFile }, { releaseSchema, rollbackSchema }] = await Promise.all([
    import('../config/yaml-file.ts'),
    import('./schema.ts'),
  ]);
  const [release, rollback] = await Promise.all([
    readYamlFile(join(directory, 'release.yaml'), releaseSchema, errors),
    readYamlFile(join(directory, 'rollback.yaml'), rollbackSchema, errors),
  ]);
  return buildPlan(release, rollback, { directory, digest });
}
