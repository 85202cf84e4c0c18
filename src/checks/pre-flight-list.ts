import { z } from 'zod';
import { readChecklist } from './checklist.ts';

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable name');
const field = z.string().min(1);

const wantedIndex = z.strictObject({ collection: field, field, note: z.string().optional() });

const stubSwitch = z.strictObject({
  variable,
  health: z
    .enum(['fakeMode', 'useStubs'])
    .describe('Name of the same value in the answer of /api/health.'),
  mustBe: z.string().describe('The very text that it must hold; unset is not false.'),
});

/** `pre-flight.yaml`: what must be in place before anything is deployed. */
export const preFlightList = z.strictObject({
  secrets: z
    .array(variable)
    .min(1)
    .describe('Variables of the env file that must lead to a secret that exists.'),
  indexes: z
    .array(wantedIndex)
    .min(1)
    .describe('An index serves a field when that field is its first.'),
  stubs: z.array(stubSwitch).min(1),
});

export type PreFlightList = z.infer<typeof preFlightList>;
export type WantedIndex = z.infer<typeof wantedIndex>;
export type StubSwitch = z.infer<typeof stubSwitch>;

/** Reads the pre-flight checklist. PLAN_INVALID. */
export function readPreFlightList(
  checklists: string,
  name = 'pre-flight.yaml',
): Promise<PreFlightList> {
  return readChecklist(checklists, name, preFlightList);
}
