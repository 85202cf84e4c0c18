import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { readChecklist } from './checklist.ts';

const expectation = z.union([z.string().min(1), z.strictObject({ vault: z.string().min(1) })], {
  error: 'expected a text, or { vault: name }',
});

/** `environments.yaml`: the plan's environment matrix. */
export const environmentsList = z.strictObject({
  variables: z
    .record(
      z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable name'),
      z.strictObject({ staging: expectation, production: expectation }),
    )
    .refine((variables) => Object.keys(variables).length > 0, 'at least one variable'),
});

export type EnvironmentsList = z.infer<typeof environmentsList>;

/** What one variable must hold: a text, or a reference to the vault secret of that name. */
export type Expectation = z.infer<typeof expectation>;

/** Reads the matrix. PLAN_INVALID. */
export function readEnvironmentsList(
  checklists: string,
  name = 'environments.yaml',
): Promise<EnvironmentsList> {
  return readChecklist(checklists, name, environmentsList);
}

/** Origin of each environment; undefined where the matrix holds no address. */
export type PlannedOrigins = Readonly<Partial<Record<EnvironmentName, string>>>;

/**
 * The origin that customers use in each environment, as the plan's endpoints have it; undefined when
 * no endpoint of the matrix is an address.
 */
export function plannedOrigins(list: EnvironmentsList): PlannedOrigins {
  return Object.fromEntries(
    environmentNames.flatMap((environment) => {
      const texts = Object.values(list.variables).map((expected) => expected[environment]);
      const address = texts.find((text) => typeof text === 'string' && /^https?:/.test(text));
      return typeof address === 'string' ? [[environment, new URL(address).origin]] : [];
    }),
  );
}
