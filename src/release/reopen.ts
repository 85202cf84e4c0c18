import type { PlanStep } from '../plan/plan.ts';
import { findSigner, roleSlug } from '../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { parsePublicKey } from '../proof/ssh/public-key.ts';
import { isRevoked } from '../proof/ssh/revoked-keys.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { ApprovalMove, ApprovalRequest } from './approval.ts';
import type { EventData } from './events.ts';
import { hearWord, newWords, standingNow, writeWordDown } from './hear-word.ts';
import { productionTouched } from './production-touched.ts';
import type { Run } from './run-context.ts';
import { type Standing, whatChanged } from './standing.ts';
import { parseApproval } from './statement.ts';

type Given = EventData['approval.given'];

/** Why an accepted word no longer holds; null when it does. */
export function whyVoid(
  given: Given,
  about: { readonly standing: Standing; readonly approvers: Approvers; readonly at: number },
): string | null {
  const changed = whatChanged(given.binding, about.standing);
  if (changed !== null) return `the ${changed} that ${given.name} approved has changed`;
  if (given.key === null) return null;
  const { signers, revoked, path } = about.approvers;
  const key = parsePublicKey(given.key.text);
  if (isRevoked(key, revoked)) return `the key of ${given.name} was revoked`;
  // A key that ran out after its word was accepted still stands for it.
  const found = findSigner(signers, key, { namespace: approvalNamespace, at: about.at });
  const may =
    found.ok && found.signer.id === given.by && found.signer.roles.includes(roleSlug(given.role));
  return may ? null : `${path} no longer lets ${given.name} approve with that key`;
}

/** When each word was accepted, by its statement. */
function acceptedAt({ log }: Run, { statement }: Given): number {
  const entry = log.entries.find(
    (one) => one.type === 'approval.given' && one.data.statement === statement,
  );
  return entry === undefined ? Number.NaN : Date.parse(entry.at);
}

async function hearRevocation(
  run: Run,
  row: PlanStep,
  move: ApprovalMove,
  request: ApprovalRequest,
): Promise<boolean> {
  for (const word of await newWords(run, row.step)) {
    if (parseApproval(word.statement)?.decision !== 'revoke') continue;
    const verdict = await hearWord(run, { row, move }, request, word);
    if (!verdict.accepted) continue;
    await writeWordDown(run, word, verdict);
    return true;
  }
  return false;
}

async function reopen(run: Run, row: PlanStep, move: ApprovalMove): Promise<void> {
  const { request, approvals = [] } = run.log.state.steps.get(row.step) ?? {};
  if (request === undefined || request === null || approvals.length === 0) return;
  if (await hearRevocation(run, row, move, request)) return;
  const approvers = await run.engine.approvers();
  const standing = await standingNow(run, row, request.binding.nonce);
  for (const given of approvals) {
    const reason = whyVoid(given, { standing, approvers, at: acceptedAt(run, given) });
    if (reason === null) continue;
    const nobody = { statement: null, signature: null, key: null };
    const { step, role } = given;
    return run.log.append('approval.revoked', { step, by: 'aurora', role, reason, ...nobody });
  }
}

/**
 * Opens every approved step again whose word was taken back, or is bound to something that is no
 * longer so. Only as long as customers have met nothing: afterwards a rollback is the way back.
 */
export async function reopenVoided(run: Run): Promise<void> {
  const { plan } = run.engine;
  for (const row of plan.steps) {
    if (productionTouched(run.log.state, plan.flags.environment)) return;
    const move = row.moves.find((one) => one.type === 'approval');
    if (move !== undefined) await reopen(run, row, move);
  }
}
