import type { EnvironmentName } from '../../src/base/environments.ts';
import type { Secret } from '../../src/base/secret.ts';
import type { AllowedSigner } from '../../src/proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../../src/proof/ssh/namespace.ts';
import { generateKey, type PrivateKey, parsePrivateKey } from '../../src/proof/ssh/private-key.ts';
import { signMessage } from '../../src/proof/ssh/sshsig.ts';
import type { ApprovalBinding } from '../../src/release/events.ts';
import type { WordNote } from '../../src/release/inbox.ts';
import {
  type ApprovalStatement,
  type SignedWord,
  statementText,
} from '../../src/release/statement.ts';
import type { Approvers } from '../../src/services/signing/approvers-file.ts';
import type { Signer } from '../../src/services/signing/signing.ts';

/** Somebody with a real key. */
export interface KeyHolder {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly key: PrivateKey;
  /** The same as a file would hold it. */
  readonly text: Secret;
}

/** A person with a key of their own. */
export function keyHolder(id: string, name: string, ...roles: readonly string[]): KeyHolder {
  const { privateKey: text } = generateKey(id);
  const key = parsePrivateKey(text);
  if (typeof key === 'string') throw new Error(`the key is ${key}`);
  return { id, name, roles, key, text };
}

export const omar = keyHolder('omar.v@aurora.example', 'Omar V.', 'product-manager');
export const sam = keyHolder('sam.k@aurora.example', 'Sam K.', 'product-manager');
export const rita = keyHolder('rita.m@aurora.example', 'Rita M.', 'release-manager');

/** A person's line in an approvers file. */
export function signerLine(who: KeyHolder, change: Partial<AllowedSigner> = {}): AllowedSigner {
  return {
    line: 1,
    id: who.id,
    name: who.name,
    roles: who.roles,
    key: who.key.publicKey,
    validAfter: null,
    validBefore: null,
    namespaces: null,
    ...change,
  };
}

/** An approvers file with these people. */
export function approversOf(...people: readonly KeyHolder[]): Approvers {
  return { path: 'approvers', signers: people.map((who) => signerLine(who)), revoked: [] };
}

/** What `openSigner` gives for a person's key. */
export function signerOf(who: KeyHolder): Signer {
  return {
    key: who.key.publicKey,
    how: `key of ${who.name}`,
    sign: async (message, namespace) => signMessage(message, who.key, namespace),
  };
}

/** A statement that approves, with whatever is to be otherwise. */
export function statementOf(
  binding: ApprovalBinding,
  change: Partial<ApprovalStatement> = {},
): ApprovalStatement {
  return {
    v: 1,
    kind: 'approval',
    decision: 'approve',
    binding,
    by: omar.id,
    role: 'Product Manager',
    comment: null,
    at: new Date().toISOString(),
    ...change,
  };
}

/** Really signs a statement. */
export function signedBy(
  who: KeyHolder,
  statement: ApprovalStatement,
  namespace = approvalNamespace,
): SignedWord {
  const text = statementText(statement);
  return { statement: text, signature: signMessage(text, who.key, namespace) };
}

/** A word as it lies in the inbox. */
export function noteOf(
  { release, step }: Pick<ApprovalBinding, 'release' | 'step'>,
  word: SignedWord,
): WordNote {
  return { v: 2, note: 'word', release, step, ...word, at: new Date().toISOString() };
}

/** Omar's signed word for a request, on its way to its release. */
export function omarsWord(
  binding: ApprovalBinding,
  change: Partial<ApprovalStatement> = {},
): WordNote {
  return noteOf(binding, signedBy(omar, statementOf(binding, change)));
}

/** A binding for tests that have no release. */
export function bindingOf(change: Partial<ApprovalBinding> = {}): ApprovalBinding {
  const environment: EnvironmentName = 'production';
  return {
    ...{ release: 'r1', step: 5, environment, plan: 'p', build: 'b', evidence: 'e' },
    ...{ journal: 'j', verdict: 'go', nonce: 'n', expires: '2026-01-02T00:00:00.000Z' },
    ...change,
  };
}
