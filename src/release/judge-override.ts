import type { Json } from '../base/json.ts';
import { canonicalJson } from '../proof/canonical.ts';
import { type AllowedSigner, findSigner, roleSlug } from '../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import { fingerprint, type PublicKey } from '../proof/ssh/public-key.ts';
import { isRevoked } from '../proof/ssh/revoked-keys.ts';
import { verifySignature } from '../proof/ssh/sshsig.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { OverrideStatement, SignedWord } from './statement.ts';

/** Which rule of the plan is set aside, and for what: another release needs another word. */
export type OverrideAbout = Pick<
  OverrideStatement,
  'subject' | 'about' | 'release' | 'plan' | 'build'
>;

/** Who may override, by file and by plan. */
export interface Overriders {
  readonly approvers: Approvers;
  /** In the plan's words. */
  readonly roles: readonly string[];
  /** Milliseconds; a key must be valid now. */
  readonly now: number;
}

/** The person behind a key, with the role that permits; or why there is none. */
export type Permission =
  | { readonly ok: true; readonly person: AllowedSigner; readonly role: string }
  | { readonly ok: false; readonly why: string };

const noSigner = {
  'unknown-key': 'nobody in the approvers file has the key',
  'not-yet-valid': 'the approvers file does not yet allow the key',
  'expired-key': 'the approvers file no longer allows the key',
  namespace: 'the approvers file allows something else to the key',
} as const;

/** Whether the owner of a key may override, and in which of the plan's roles. */
export function permissionOf(key: PublicKey, { approvers, roles, now }: Overriders): Permission {
  const print = fingerprint(key);
  const refuse = (why: string): Permission => ({ ok: false, why });
  if (isRevoked(key, approvers.revoked)) return refuse(`the key ${print} was revoked`);
  const found = findSigner(approvers.signers, key, { namespace: approvalNamespace, at: now });
  if (!found.ok) return refuse(`${noSigner[found.why]} ${print} (${approvers.path})`);
  const person = found.signer;
  const role = roles.find((one) => person.roles.includes(roleSlug(one)));
  if (role !== undefined) return { ok: true, person, role };
  const wanted =
    roles.length === 0 ? 'the plan permits nobody' : `the plan wants a ${either(roles)}`;
  return refuse(`${person.name} may not: ${wanted}`);
}

/** `Release Manager or CTO` */
export function either(words: readonly string[]): string {
  return words.join(' or ');
}

const texts = ['about', 'at', 'build', 'by', 'nonce', 'plan', 'reason', 'release', 'role'] as const;
/** In the order of canonical JSON. */
const members = [...texts, 'kind', 'subject', 'v'].sort().join();

/** The override that a text says; undefined when it is none. Only its one canonical form counts. */
export function parseOverride(text: string): OverrideStatement | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (Object.keys(value).sort().join() !== members) return undefined;
  } catch {
    return undefined;
  }
  const { v, kind, subject } = value;
  const whole =
    v === 1 &&
    kind === 'override' &&
    (subject === 'freeze' || subject === 'skip') &&
    texts.every((name) => typeof value[name] === 'string') &&
    canonicalJson(value as Json) === text;
  return whole ? (value as unknown as OverrideStatement) : undefined;
}

/** Whether a word sets this very rule aside for this very release, and if not, why. */
export function judgeOverride(
  word: SignedWord,
  wanted: OverrideAbout,
  overriders: Overriders,
): { readonly counts: true } | { readonly counts: false; readonly why: string } {
  const refuse = (why: string) => ({ counts: false, why }) as const;
  const statement = parseOverride(word.statement);
  if (statement === undefined) return refuse('it is no statement of an override');
  for (const name of ['subject', 'about', 'release', 'plan', 'build'] as const) {
    if (statement[name] !== wanted[name]) return refuse(`it is for another ${name}`);
  }
  if (statement.reason.trim() === '') return refuse('it gives no reason');
  if (word.signature === null) return refuse('it is not signed');
  const verdict = verifySignature(word.statement, word.signature, approvalNamespace);
  if (!verdict.ok) return refuse(`the signature does not count: ${verdict.detail}`);
  const permission = permissionOf(verdict.key, overriders);
  if (!permission.ok) return refuse(permission.why);
  if (permission.person.id !== statement.by) {
    return refuse(`it says ${statement.by}, and ${permission.person.id} signed it`);
  }
  if (!permission.person.roles.includes(roleSlug(statement.role))) {
    return refuse(`${permission.person.name} is no ${statement.role}`);
  }
  const permitted = overriders.roles.some((role) => roleSlug(role) === roleSlug(statement.role));
  return permitted ? { counts: true } : refuse(`a ${statement.role} may not`);
}
