import type { EnvironmentName } from '../base/environments.ts';
import type { Json } from '../base/json.ts';
import type { Verdict } from '../checks/check.ts';
import { canonicalJson } from '../proof/canonical.ts';
import { sha256 } from '../proof/digest.ts';

/** What an approval is bound to: a change of any of them voids it. */
export interface ApprovalBinding {
  readonly release: string;
  readonly step: number;
  /** Where the release may go on to once it is approved. */
  readonly environment: EnvironmentName;
  /** Digest of every checklist. */
  readonly plan: string;
  readonly build: string;
  /** Digest of everything measured so far. */
  readonly evidence: string;
  /** SHA-256 of the journal line before the request: a signature pins the history up to there. */
  readonly journal: string;
  /** Verdict of what was measured so far. */
  readonly verdict: Verdict;
  readonly nonce: string;
  /** When the request runs out, ISO 8601 UTC. */
  readonly expires: string;
}

/** A person's word on what was measured: its canonical JSON is what is signed. */
export interface ApprovalStatement {
  readonly v: 1;
  readonly kind: 'approval';
  readonly decision: 'approve' | 'reject' | 'revoke';
  readonly binding: ApprovalBinding;
  /** Id in the approvers file; the name given where nothing is signed. */
  readonly by: string;
  readonly role: string;
  readonly comment: string | null;
  /** When it was given, ISO 8601 UTC. */
  readonly at: string;
}

/** A person's word that a rule of the plan does not hold this once. */
export interface OverrideStatement {
  readonly v: 1;
  readonly kind: 'override';
  readonly subject: 'freeze' | 'skip';
  /** Name of the window, or number of the step. */
  readonly about: string;
  readonly release: string;
  readonly plan: string;
  readonly build: string;
  readonly reason: string;
  readonly by: string;
  readonly role: string;
  readonly at: string;
  readonly nonce: string;
}

/** A word as it is offered and as the journal keeps it. */
export interface SignedWord {
  /** The very text that was signed. */
  readonly statement: string;
  /** Armored SSHSIG; null where nothing was signed. */
  readonly signature: string | null;
}

/** The text that is signed for a statement. */
export function statementText(statement: ApprovalStatement | OverrideStatement): string {
  return canonicalJson(statement as unknown as Json);
}

/** Tells one word from every other. */
export function wordDigest({ statement, signature }: SignedWord): string {
  return sha256(`${statement}\n${signature ?? ''}`);
}

const texts = (value: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.every((name) => typeof value[name] === 'string');

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const bindingTexts = [
  'release',
  'environment',
  'plan',
  'build',
  'evidence',
  'journal',
  'verdict',
  'nonce',
  'expires',
] as const;
/** In the order of canonical JSON. */
const statementMembers = 'at,binding,by,comment,decision,kind,role,v';

function isBinding(value: unknown): boolean {
  if (!isObject(value) || !texts(value, bindingTexts)) return false;
  const { step, expires } = value;
  return Number.isInteger(step) && isTime(expires) && Object.keys(value).length === 10;
}

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

/**
 * The approval that a text says; undefined when it is none. Only canonical text with exactly the
 * known members counts: nothing that a reader passes over can be hidden in what a person signed.
 */
export function parseApproval(text: string): ApprovalStatement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || Object.keys(value).sort().join() !== statementMembers) return undefined;
  const { v, kind, decision, binding, comment, at } = value;
  const whole =
    v === 1 &&
    kind === 'approval' &&
    (decision === 'approve' || decision === 'reject' || decision === 'revoke') &&
    isBinding(binding) &&
    texts(value, ['by', 'role']) &&
    (comment === null || typeof comment === 'string') &&
    isTime(at) &&
    canonicalJson(value as Json) === text;
  return whole ? (value as unknown as ApprovalStatement) : undefined;
}
