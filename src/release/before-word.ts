import type { CheckResult } from '../checks/check.ts';

/** The id of the result that a word becomes. */
export const approvalCheckId = (step: number) => `approval/${step}`;

/** Results of a step before its word. */
export function beforeTheWord(
  checks: readonly CheckResult[],
  step: number,
): readonly CheckResult[] {
  const word = checks.findIndex((check) => check.id === approvalCheckId(step));
  return word === -1 ? checks : checks.slice(0, word);
}
