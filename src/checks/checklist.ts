import { join } from 'node:path';
import { z } from 'zod';
import { readYamlFile } from '../config/yaml-file.ts';

/** The name of a checklist beside the others: no directories. */
export const checklistName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*\.ya?ml$/, 'the name of a YAML file in the checklists directory')
  .describe('A file in the directory of the checklists.');

/** Reads one checklist. PLAN_INVALID with `file:line` and the path inside it. */
export function readChecklist<T>(
  directory: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<T> {
  return readYamlFile(join(directory, name), schema, {
    invalid: 'PLAN_INVALID',
    missing: 'PLAN_INVALID',
  });
}
