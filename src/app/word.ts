import { isoTime } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { fingerprint, sameKey } from '../proof/ssh/public-key.ts';
import type { Judging } from '../release/approval.ts';
import type { Engine } from '../release/engine.ts';
import { type ApprovalStatement, type SignedWord, statementText } from '../release/statement.ts';
import type { Signer } from '../services/signing/signing.ts';

/** What somebody has to say. */
export interface Saying {
  readonly decision: ApprovalStatement['decision'];
  /** Who says it; the owner of the key when left out, then whoever acts. */
  readonly as?: string | undefined;
  readonly comment?: string | undefined;
}

function giver({ as }: Saying, signer: Signer | null, about: Judging, actor: string): string {
  if (as !== undefined) return as;
  if (signer === null) return actor;
  const owner = about.approvers.signers.find(({ key }) => sameKey(key, signer.key));
  return owner?.id ?? fingerprint(signer.key);
}

/** The statement that answers a request, as of now. */
export function statementFor(
  { actor, clock }: Pick<Engine, 'actor' | 'clock'>,
  saying: Saying,
  signer: Signer | null,
  about: Judging,
): ApprovalStatement {
  const { binding, role } = about.request;
  return {
    v: 1,
    kind: 'approval',
    decision: saying.decision,
    binding,
    by: giver(saying, signer, about, actor),
    role,
    comment: saying.comment ?? null,
    at: isoTime(clock.now()),
  };
}

/**
 * The word that goes to the release. USAGE when it would carry a secret into the journal, whose
 * redaction would also break the signature; SIGNING_FAILED.
 */
export async function signWord(
  statement: ApprovalStatement,
  signer: Signer | null,
  signal: AbortSignal,
): Promise<SignedWord> {
  const text = statementText(statement);
  if (redact(text) !== text) {
    throw new AuroraError('USAGE', 'the comment holds a secret', {
      remedy: 'Say it without: the comment stands in journal and ticket.',
    });
  }
  if (signer === null) return { statement: text, signature: null };
  return { statement: text, signature: await signer.sign(text, approvalNamespace, signal) };
}

/** The question before something is signed. */
export function signingQuestion(
  { decision, binding, role }: ApprovalStatement,
  name: string,
  signer: Signer | null,
): string {
  const how = signer === null ? 'unsigned' : signer.how;
  return `${decision} step ${binding.step} as ${name} (${role}), ${how}?`;
}
