import type { EventData } from '../release/events.ts';
import type { StepState } from '../release/state.ts';

/** Who has approved a step: `Omar V. and Sam K.`; undefined when nobody has. */
export function approvedBy(step: StepState | undefined): string | undefined {
  if (step === undefined || step.approvals.length === 0) return undefined;
  return step.approvals.map(({ name }) => name).join(' and ');
}

/** Whether a step waits for a word that was asked for. */
export function wantsWord({ request, approvals, rejection }: StepState): boolean {
  return request !== null && rejection === null && approvals.length < request.count;
}

/** ` (1 of 2 given)`; nothing where one word is enough. */
export function givenSoFar({ request, approvals }: StepState): string {
  const count = request?.count ?? 1;
  return count === 1 ? '' : ` (${approvals.length} of ${count} given)`;
}

/** How it can be known whose word it is: `signed with SHA256:...`. */
export function signedLabel({ key }: Pick<EventData['approval.given'], 'key'>): string {
  return key === null ? 'UNSIGNED (the plan allows it)' : `signed with ${key.fingerprint}`;
}

/** What is missing before anybody can give the word; undefined when somebody can. */
export function nobodyMay({
  eligible,
  count,
}: Pick<EventData['approval.requested'], 'eligible' | 'count'>): string | undefined {
  if (eligible === null || eligible >= count) return undefined;
  const has = eligible === 0 ? 'nobody' : `only ${eligible}`;
  return `the approvers file has ${has} who may: \`aurora approvers\``;
}
