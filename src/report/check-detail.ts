import type { CheckResult } from '../checks/check.ts';

/** What a reader needs of a check that did not pass: label and text, in a fixed order. */
export function checkDetails(
  check: CheckResult,
): readonly (readonly [label: string, text: string])[] {
  const details: [string, string][] = [
    ['expected', check.expected],
    ['observed', check.observed],
  ];
  if (check.n !== undefined) details.push(['samples', String(check.n)]);
  const ids = check.requestIds ?? [];
  if (ids.length > 0) details.push([ids.length === 1 ? 'request' : 'requests', ids.join(', ')]);
  if (check.remedy !== undefined) details.push(['remedy', check.remedy]);
  return details;
}
