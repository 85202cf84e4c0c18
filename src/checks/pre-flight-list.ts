import { z } from 'zod';
import { readChecklist } from './checklist.ts';

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable name');
const field = z.string().min(1);

const wantedIndex = z.strictObject({ collection: field, field, note: z.string().optional() });

const stubSwitch = z.strictObject({
  variable,
  /** Name of the same value in the answer of /api/health. */
  health: z.enum(['fakeMode', 'useStubs']),
  mustBe: z.string(),
});

/** `pre-flight.yaml`: what must be in place before anything is deployed. */
export const preFlightList = z.strictObject({
  secrets: z.array(variable).min(1),
  indexes: z.array(wantedIndex).min(1),
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
