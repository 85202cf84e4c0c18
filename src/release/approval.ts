import type { ErrorCode } from '../base/catalogue.ts';
import type { Move } from '../plan/plan.ts';
import { findSigner, roleSlug } from '../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { fingerprint, type PublicKey, publicKeyText } from '../proof/ssh/public-key.ts';
import { isRevoked } from '../proof/ssh/revoked-keys.ts';
import { verifySignature } from '../proof/ssh/sshsig.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { EventData, SigningKey } from './events.ts';
import { isSamePerson, type Person, sameWords } from './person.ts';
import { type Standing, whatChanged } from './standing.ts';
import { type ApprovalStatement, parseApproval, type SignedWord } from './statement.ts';

export type ApprovalMove = Extract<Move, { type: 'approval' }>;
export type ApprovalRequest = EventData['approval.requested'];

/** Everything that a word is judged by. */
export interface Judging {
  readonly move: ApprovalMove;
  readonly request: ApprovalRequest;
  /** What stands now, whatever stood when it was asked. */
  readonly standing: Standing;
  readonly approvers: Approvers;
  readonly starter: Starter;
  /** Words that were accepted for this request. */
  readonly given: readonly EventData['approval.given'][];
  /** Milliseconds; a key must be valid when its word is accepted. */
  readonly now: number;
}

/** Who started a release: the name that it goes by, and the key that was found there. */
export interface Starter {
  readonly actor: string;
  readonly key: string | null;
}

/** Codes of everything that a word can be refused for. */
export type RefusalCode = Extract<ErrorCode, `APPROVAL_${string}`>;

/** A word that counts: what it says, and who gave it. */
export interface AcceptedWord {
  readonly accepted: true;
  readonly statement: ApprovalStatement;
  readonly person: Person;
  readonly key: SigningKey | null;
}

/** Whether a word counts, and if not, why. */
export type WordVerdict =
  | AcceptedWord
  | {
      readonly accepted: false;
      readonly code: RefusalCode;
      readonly why: string;
      /** Whose word it says it is. */
      readonly by: string;
    };

type Refusal = readonly [code: RefusalCode, why: string];
type Giver = { readonly person: Person; readonly key: PublicKey | null };

const refuse = (by: string, [code, why]: Refusal): WordVerdict => ({
  ...{ accepted: false, code, why, by },
});

/** Decides whether an offered word counts for the request that stands. */
export function judgeWord({ statement: text, signature }: SignedWord, about: Judging): WordVerdict {
  const statement = parseApproval(text);
  if (statement === undefined) {
    return refuse('unknown', ['APPROVAL_MALFORMED', 'it is no statement of an approval']);
  }
  if (signature === null) return judgeStatement(statement, null, about);
  const verdict = verifySignature(text, signature, approvalNamespace);
  if (verdict.ok) return judgeStatement(statement, verdict.key, about);
  const why = `the signature does not count: ${verdict.detail}`;
  return refuse(statement.by, ['APPROVAL_SIGNATURE', why]);
}

/** The same for a statement that this key has signed, or is about to; null where none does. */
export function judgeStatement(
  statement: ApprovalStatement,
  key: PublicKey | null,
  about: Judging,
): WordVerdict {
  const foreign = whereElse(statement, about);
  if (foreign !== null) return refuse(statement.by, foreign);
  const giver = key === null ? unsigned(statement, about) : ownerOf(key, statement, about);
  if (!('person' in giver)) return refuse(statement.by, giver);
  const refusal =
    mayNot(statement, giver, about) ??
    isStale(statement, about) ??
    (statement.decision === 'revoke'
      ? nothingGiven(about)
      : isLateOrTwice(statement, giver, about));
  if (refusal !== null) return refuse(statement.by, refusal);
  const { person } = giver;
  return { accepted: true, statement, person, key: key === null ? null : recordKey(key) };
}

/** A public key as the journal keeps it. */
export function recordKey(key: PublicKey): SigningKey {
  return { fingerprint: fingerprint(key), text: publicKeyText({ ...key, comment: '' }) };
}

function whereElse({ binding }: ApprovalStatement, { request }: Judging): Refusal | null {
  const { release, step, environment } = request.binding;
  if (binding.release !== release) return ['APPROVAL_FOREIGN', `it is for ${binding.release}`];
  if (binding.step !== step) return ['APPROVAL_FOREIGN', `it is for step ${binding.step}`];
  if (binding.environment === environment) return null;
  return ['APPROVAL_FOREIGN', `it is for ${binding.environment}, not for ${environment}`];
}

/** Where nothing need be signed, whoever it says it is. */
function unsigned({ by, role }: ApprovalStatement, { move }: Judging): Giver | Refusal {
  if (!move.unsigned) return ['APPROVAL_UNSIGNED', 'the plan wants a signature'];
  return { person: { id: by, name: by, roles: [roleSlug(role)] }, key: null };
}

/** Whose word it is, by the key that signed it. */
function ownerOf(
  key: PublicKey,
  { by }: ApprovalStatement,
  { approvers, now }: Judging,
): Giver | Refusal {
  const print = fingerprint(key);
  if (isRevoked(key, approvers.revoked)) {
    return ['APPROVAL_KEY_REVOKED', `the key ${print} was revoked`];
  }
  const found = findSigner(approvers.signers, key, { namespace: approvalNamespace, at: now });
  if (found.ok) {
    const { signer } = found;
    if (signer.id === by) return { person: signer, key };
    return ['APPROVAL_SIGNATURE', `it says ${by}, and ${signer.id} signed it`];
  }
  if (found.why === 'expired-key' || found.why === 'not-yet-valid') {
    const when = found.why === 'expired-key' ? 'no longer' : 'not yet';
    return ['APPROVAL_KEY_EXPIRED', `the key ${print} is ${when} valid`];
  }
  const why = `nobody in ${approvers.path} has the key ${print} for approvals`;
  return ['APPROVAL_KEY_UNKNOWN', why];
}

/** A role, a person, or the starter, who may not. Taking back needs the role alone. */
function mayNot(
  { role, decision }: ApprovalStatement,
  { person, key }: Giver,
  about: Judging,
): Refusal | null {
  const { move, starter } = about;
  const wanted = roleSlug(move.role);
  if (roleSlug(role) !== wanted || !person.roles.includes(wanted)) {
    return ['APPROVAL_ROLE', `the plan wants a ${move.role}, which ${person.name} is not`];
  }
  if (decision === 'revoke') return null;
  const { name } = move;
  if (name !== null && !sameWords(name, person.name) && !sameWords(name, person.id)) {
    return ['APPROVAL_PERSON', `the plan wants the word of ${name}`];
  }
  const own = isSamePerson(person, starter.actor) || isOwnKey(person, key, about);
  if (own && !move.self) return ['APPROVAL_SELF', 'whoever starts a release cannot approve it'];
  return null;
}

/** Whether the key that was found when the release began is this person's, whatever they signed with. */
function isOwnKey({ id }: Person, key: PublicKey | null, { starter, approvers }: Judging): boolean {
  if (key === null || starter.key === null) return false;
  const keys = approvers.signers.filter((signer) => signer.id === id).map((signer) => signer.key);
  return [key, ...keys].some((one) => fingerprint(one) === starter.key);
}

/** For something else than what is asked for and stands now. */
function isStale({ binding }: ApprovalStatement, { request, standing }: Judging): Refusal | null {
  const changed = whatChanged(binding, standing);
  if (changed !== null && changed !== 'journal') {
    return ['APPROVAL_VOID', `the ${changed} is not the one that stands now`];
  }
  if (binding.nonce !== request.binding.nonce) {
    return ['APPROVAL_REPLAYED', 'it answers another request than the one that stands'];
  }
  if (changed === null && binding.expires === request.binding.expires) return null;
  const what = changed === null ? 'expiry' : 'journal before the request';
  return ['APPROVAL_VOID', `the ${what} is not the one that stands now`];
}

function nothingGiven({ given }: Judging): Refusal | null {
  return given.length > 0 ? null : ['APPROVAL_VOID', 'there is no approval to take back'];
}

function isLateOrTwice(
  { at }: ApprovalStatement,
  { person, key }: Giver,
  { request, given }: Judging,
): Refusal | null {
  // Written so that a time that is none counts as too late.
  if (!(Date.parse(at) <= request.expiresAt)) {
    return ['APPROVAL_EXPIRED', 'the request had expired'];
  }
  const print = key === null ? undefined : fingerprint(key);
  const before = given.find(
    (one) =>
      sameWords(one.by, person.id) || (print !== undefined && one.key?.fingerprint === print),
  );
  if (before === undefined) return null;
  return ['APPROVAL_TWICE', `${person.name} has approved it already; another person must`];
}
