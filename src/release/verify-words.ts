import type { Json } from '../base/json.ts';
import { canonicalJson } from '../proof/canonical.ts';
import { findSigner, roleSlug } from '../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { fingerprint, type PublicKey } from '../proof/ssh/public-key.ts';
import { isRevoked } from '../proof/ssh/revoked-keys.ts';
import { verifySignature } from '../proof/ssh/sshsig.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import { recordKey } from './approval.ts';
import type { EventData, SigningKey } from './events.ts';
import { parseOverride } from './judge-override.ts';
import { type ApprovalStatement, parseApproval } from './statement.ts';
import type { Notebook, Place } from './verify-report.ts';

/** A word as the journal keeps it. */
interface KeptWord {
  readonly by: string;
  readonly role: string;
  readonly statement: string;
  readonly signature: string | null;
  readonly key: SigningKey | null;
}

/** What the words of a release are held against. */
export interface WordsAbout {
  readonly release: string;
  /** As it was created; null when the journal tells of none. */
  readonly created: EventData['release.created'] | null;
  /** Null: no approvers file at hand, and nobody knows whose keys those are. */
  readonly approvers: Approvers | null;
  readonly notebook: Notebook;
}

/** Equal as JSON, whatever the order of their members. */
export function same(a: unknown, b: unknown): boolean {
  return canonicalJson((a ?? null) as Json) === canonicalJson((b ?? null) as Json);
}

/** The first of these that differs, in words; null when all are equal. */
function differing(pairs: readonly (readonly [string, unknown, unknown])[]): string | null {
  const [name] = pairs.find(([, said, kept]) => !same(said, kept)) ?? [];
  return name === undefined ? null : `its ${name} is not the one in its statement`;
}

const noSigner = {
  'unknown-key': 'nobody in the approvers file has the key',
  'not-yet-valid': 'the key was not yet valid then',
  'expired-key': 'the key was no longer valid then',
  namespace: 'the approvers file does not allow approvals to the key',
} as const;

/** What speaks against the person behind a key; null when they may. `at`: milliseconds. */
function wrongPerson(key: PublicKey, word: KeptWord, at: number, approvers: Approvers) {
  const print = fingerprint(key);
  if (isRevoked(key, approvers.revoked)) return `the key ${print} was revoked`;
  const found = findSigner(approvers.signers, key, { namespace: approvalNamespace, at });
  if (!found.ok) return `${noSigner[found.why]} ${print}`;
  const { id, name, roles } = found.signer;
  if (id !== word.by) return `it says ${word.by}, and ${id} signed it`;
  return roles.includes(roleSlug(word.role)) ? null : `${name} is no ${word.role}`;
}

/** Who signed a word, whether they may, and whether it is the text that they signed. */
function verifySigner(word: KeptWord, place: Place, at: string, about: WordsAbout): void {
  const { approvers, notebook } = about;
  if (word.signature === null) {
    const what = `the word of ${word.by} is unsigned: nothing proves whose it is`;
    notebook.note('unsure', 'signatures', place, what);
    return;
  }
  const verdict = verifySignature(word.statement, word.signature, approvalNamespace);
  if (!verdict.ok) {
    notebook.hold('signatures', place, `the signature does not count: ${verdict.detail}`);
    return;
  }
  if (!same(recordKey(verdict.key), word.key)) {
    notebook.hold('signatures', place, 'another key signed it than the one that is written down');
    return;
  }
  if (approvers === null) {
    const what = `${word.by} is said to have signed with ${fingerprint(verdict.key)}: without an approvers file nobody knows whose key that is`;
    notebook.looked('signatures');
    notebook.note('unsure', 'signatures', place, what);
    return;
  }
  const wrong = wrongPerson(verdict.key, word, Date.parse(at), approvers);
  notebook.hold('signatures', place, wrong);
}

type Request = EventData['approval.requested'];

/** A comment as the journal keeps it: who says no has a reason, or it says that there is none. */
function spokenComment({ comment, decision }: ApprovalStatement): string | null {
  return decision === 'approve' ? comment : (comment ?? 'no reason given');
}

/** What is wrong with what a person said for a request; null when it answers it. */
function wrongAnswer(
  word: KeptWord,
  decision: 'approve' | 'reject' | 'revoke',
  request: Request | null,
  comment: string | null,
): string | null {
  const statement = parseApproval(word.statement);
  if (statement === undefined) return 'its statement is no approval';
  if (request === null) return 'nobody asked for it';
  const late = decision === 'approve' && !(Date.parse(statement.at) <= request.expiresAt);
  return (
    differing([
      ['decision', statement.decision, decision],
      ['person', statement.by, word.by],
      ['role', statement.role, word.role],
      ['comment', spokenComment(statement), comment],
    ]) ??
    (same(statement.binding, request.binding) ? null : 'it answers another request') ??
    (late ? 'it was given after the request had run out' : null)
  );
}

/** A word for a step: given, refused to give, or taken back. */
export function verifyApproval(
  entry: {
    readonly place: Place;
    readonly at: string;
    readonly word: KeptWord;
    readonly decision: 'approve' | 'reject' | 'revoke';
    readonly comment: string | null;
    readonly request: Request | null;
  },
  about: WordsAbout,
): void {
  const { place, at, word, decision, request, comment } = entry;
  about.notebook.hold('approvals', place, wrongAnswer(word, decision, request, comment));
  verifySigner(word, place, at, about);
}

/** A rule of the plan that a person set aside. */
export function verifyOverride(
  data: EventData['override.given'],
  place: Place,
  at: string,
  about: WordsAbout,
): void {
  about.notebook.hold('overrides', place, wrongOverride(data, about));
  verifySigner(data, place, at, about);
}

function wrongOverride(
  data: EventData['override.given'],
  { release, created }: WordsAbout,
): string | null {
  const statement = parseOverride(data.statement);
  if (statement === undefined) return 'its statement is no override';
  const wrong = differing([
    ['subject', statement.subject, data.subject],
    ['rule', statement.about, data.about],
    ['person', statement.by, data.by],
    ['role', statement.role, data.role],
    ['reason', statement.reason, data.reason],
  ]);
  if (wrong !== null) return wrong;
  if (statement.release !== release) return `it was given for ${statement.release}`;
  if (created === null) return null;
  if (statement.plan !== created.plan.digest) return 'it was given under another plan';
  return statement.build === created.build.digest ? null : 'it was given for another build';
}
