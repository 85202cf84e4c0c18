import type { Json } from '../base/json.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { VerdictRules } from '../plan/plan.ts';
import { digestJson } from '../proof/digest.ts';

/** Worst first: a gate is as bad as its worst check. */
const severity: readonly Verdict[] = ['rollback', 'no-go', 'hold', 'go'];

/** What one check means for its gate. */
export function verdictOf(result: CheckResult, rules: VerdictRules): Verdict {
  if (result.status === 'pass') return 'go';
  if (result.status === 'fail' && result.catastrophe === true) return rules.catastrophe;
  return rules[result.status];
}

/** The verdict of a gate. No checks is no-go: nothing was measured, so nothing is known. */
export function gateVerdict(results: readonly CheckResult[], rules: VerdictRules): Verdict {
  if (results.length === 0) return 'no-go';
  const verdicts = new Set(results.map((result) => verdictOf(result, rules)));
  return severity.find((verdict) => verdicts.has(verdict)) ?? 'no-go';
}

/** Why a gate is not a go: one line for each check that did not pass. */
export function gateReasons(results: readonly CheckResult[]): readonly string[] {
  return results
    .filter((result) => result.status !== 'pass')
    .map((result) => {
      const what = result.status === 'fail' ? '' : ` (${result.status})`;
      return `${result.title}${what}: expected ${result.expected}, observed ${result.observed}`;
    });
}

/** SHA-256 over what was measured; an approval is bound to it. */
export function evidenceDigest(results: readonly CheckResult[]): string {
  return digestJson(JSON.parse(JSON.stringify(results)) as Json);
}
