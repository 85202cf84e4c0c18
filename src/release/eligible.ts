import type { Plan } from '../plan/plan.ts';
import { roleSlug, signerProblem } from '../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { isRevoked } from '../proof/ssh/revoked-keys.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { ApprovalMove } from './approval.ts';
import { sameWords } from './person.ts';

/** How many people of the approvers file may give this word at that time (milliseconds). */
export function countEligible(
  { role, name }: Pick<ApprovalMove, 'role' | 'name'>,
  { signers, revoked }: Approvers,
  at: number,
): number {
  const wanted = roleSlug(role);
  const people = signers.filter(
    (signer) =>
      signer.roles.includes(wanted) &&
      (name === null || sameWords(name, signer.name) || sameWords(name, signer.id)) &&
      signerProblem(signer, { namespace: approvalNamespace, at }) === undefined &&
      !isRevoked(signer.key, revoked),
  );
  return new Set(people.map(({ id }) => id)).size;
}

/** What a plan asks of people and the approvers file cannot give: one line for each such step. */
export function missingApprovers(plan: Plan, approvers: Approvers, at: number): readonly string[] {
  return plan.steps.flatMap(({ step, moves }) =>
    moves.flatMap((move) => {
      if (move.type !== 'approval' || move.unsigned) return [];
      const found = countEligible(move, approvers, at);
      if (found >= move.count) return [];
      const who = move.name === null ? move.role : `${move.name} (${move.role})`;
      const wants = move.count === 1 ? who : `${move.count} people as ${who}`;
      return [
        `step ${step} wants the word of ${wants}: ${approvers.path} has ${found || 'nobody'}`,
      ];
    }),
  );
}
