import type { Json } from '../base/json.ts';
import type { CheckResult } from '../checks/check.ts';
import { digestJson, shortDigest } from '../proof/digest.ts';
import type { ApprovalRequest } from './approval.ts';
import { approvalCheckId } from './before-word.ts';
import type { EventData } from './events.ts';
import type { ApprovalBinding } from './statement.ts';

/** Digest of what an approval is bound to: short enough to be read out. */
export function bindingDigest(binding: ApprovalBinding): string {
  return digestJson(binding as unknown as Json);
}

/** The result that the words for a request become: a check like any other. */
export function wordResult(
  request: ApprovalRequest,
  approvals: readonly EventData['approval.given'][],
  rejection: EventData['approval.rejected'] | null,
): CheckResult {
  const { name, role, step, binding, count } = request;
  const who = name ?? (count === 1 ? 'a person' : `${count} people`);
  const base = {
    id: approvalCheckId(step),
    title: `word of ${name ?? (count === 1 ? role : `${count} times ${role}`)}`,
    expected: `approved by ${who} (${role}) for binding ${shortDigest(bindingDigest(binding))}`,
  };
  if (rejection !== null) {
    const observed = `rejected by ${rejection.name}: ${rejection.reason}`;
    return { ...base, status: 'fail', observed };
  }
  const given = approvals.map((one) => `${one.name} (${one.role}), ${howSigned(one)}`);
  return { ...base, status: 'pass', observed: `approved by ${given.join(' and ')}` };
}

/** `signed with SHA256:...`, or that nothing proves it. */
export function howSigned({ key }: Pick<EventData['approval.given'], 'key'>): string {
  return key === null ? 'unsigned' : `signed with ${key.fingerprint}`;
}
