import { AuroraError, hasCode } from '../../base/errors.ts';
import { type PublicKey, parsePublicKey, sameKey } from './public-key.ts';
import { noOptions, readOptions, type SignerOptions } from './signer-options.ts';

/**
 * The list of approvers, in the format of OpenSSH's allowed signers, so that
 * `ssh-keygen -Y verify -I <id>` works with the very same file. What aurora adds is a reading of it:
 * the first principal is the person's id, every further one a role, and the comment the name.
 */

/** One line: a key of a person, with what its signatures count for. */
export interface AllowedSigner extends SignerOptions {
  /** Line of the file, from 1. */
  readonly line: number;
  /** `omar.v@aurora.example` */
  readonly id: string;
  /** The name as people say it; the id where the line tells none. */
  readonly name: string;
  /** Slugs: `product-manager`. */
  readonly roles: readonly string[];
  readonly key: PublicKey;
}

/** Whose key it is, or why its signature does not count. */
export type FoundSigner =
  | { readonly ok: true; readonly signer: AllowedSigner }
  | {
      readonly ok: false;
      readonly why: 'unknown-key' | 'not-yet-valid' | 'expired-key' | 'namespace';
    };

const rolePrefix = 'role:';
/** No white space, and nothing that OpenSSH reads as a pattern, a list, a quote or a remark. */
const plainPrincipal = /^[^\s,"'*?!#\\]+$/;

/** A role as it stands in the file: `Product Manager` -> `product-manager`. */
export function roleSlug(role: string): string {
  return role
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

/** What is wrong with a person's id, or undefined. */
export function idProblem(id: string): string | undefined {
  if (id.startsWith(rolePrefix)) return 'the first name of a line is a person, not a role';
  if (plainPrincipal.test(id)) return undefined;
  return `${JSON.stringify(id)} is no id: spaces, commas, quotes and patterns (* ? !) are refused`;
}

/** The line that lets a key approve. */
export function approverLine(signer: {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly key: PublicKey;
}): string {
  const principals = [signer.id, ...signer.roles.map((role) => `${rolePrefix}${role}`)].join(',');
  const encoded = Buffer.from(signer.key.blob).toString('base64');
  return `${principals} ${signer.key.type} ${encoded} ${signer.name}`;
}

/** Reads the file's text. APPROVERS_INVALID with `path:line` for anything that is not understood. */
export function parseAllowedSigners(text: string, path: string): readonly AllowedSigner[] {
  const signers: AllowedSigner[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const line = index + 1;
    const refuse = (why: string) =>
      new AuroraError('APPROVERS_INVALID', why, { where: `${path}:${line}` });
    const signer = readLine(content, line, refuse);
    const clash = ambiguity(signer, signers);
    if (clash !== undefined) throw refuse(clash);
    signers.push(signer);
  }
  return signers;
}

type Refuse = (why: string) => AuroraError;

function readLine(content: string, line: number, refuse: Refuse): AllowedSigner {
  const [, principals = '', rest = ''] = /^(\S+)[ \t]+(.*)$/.exec(content) ?? [];
  if (rest === '') throw refuse('a line is: id,role:<role> type base64 Name');
  const { id, roles } = readPrincipals(principals, refuse);
  const { options, keyText } = splitOptions(rest, refuse);
  const key = readKey(keyText, refuse);
  return { line, id, name: key.comment === '' ? id : key.comment, roles, key, ...options };
}

function readPrincipals(text: string, refuse: Refuse): { id: string; roles: readonly string[] } {
  const [id = '', ...others] = text.split(',');
  const problem = idProblem(id);
  if (problem !== undefined) throw refuse(problem);
  const roles = others.map((principal) => {
    const role = principal.startsWith(rolePrefix) ? principal.slice(rolePrefix.length) : '';
    if (role !== '' && roleSlug(role) === role) return role;
    throw refuse(
      `${JSON.stringify(principal)} is no role: behind the id stand only words like role:product-manager`,
    );
  });
  return { id, roles: [...new Set(roles)] };
}

function splitOptions(
  rest: string,
  refuse: Refuse,
): { readonly options: SignerOptions; readonly keyText: string } {
  // No option begins as the types of keys do.
  if (/^(ssh|ecdsa|sk)-/.test(rest)) return { options: noOptions, keyText: rest };
  const [, words = '', keyText = ''] = /^((?:"[^"]*"|[^\s"])+)[ \t]+(.*)$/.exec(rest) ?? [];
  const read = readOptions(words);
  if (typeof read === 'string') throw refuse(read);
  return { options: read, keyText };
}

function readKey(text: string, refuse: Refuse): PublicKey {
  try {
    return parsePublicKey(text);
  } catch (error) {
    if (hasCode(error, 'SSH_KEY_INVALID')) throw refuse(error.message);
    throw error;
  }
}

/** A key must lead to one person, and a person's id to one name. */
function ambiguity(next: AllowedSigner, before: readonly AllowedSigner[]): string | undefined {
  for (const other of before) {
    if (other.id !== next.id && sameKey(other.key, next.key)) {
      return `the key of ${other.id} (line ${other.line}) is given to ${next.id} too`;
    }
    if (other.id === next.id && other.name !== next.name) {
      return `${next.id} is ${other.name} in line ${other.line} and ${next.name} here`;
    }
  }
  return undefined;
}

/** Why a line does not count for this purpose at this time (milliseconds); undefined when it does. */
export function signerProblem(
  signer: AllowedSigner,
  about: { readonly namespace: string; readonly at: number },
): 'namespace' | 'not-yet-valid' | 'expired-key' | undefined {
  const { namespaces, validAfter, validBefore } = signer;
  if (namespaces !== null && !namespaces.includes(about.namespace)) return 'namespace';
  // Both ends count as inside, as OpenSSH has it. Written so that a time that is none is outside.
  if (validAfter !== null && !(about.at >= validAfter)) return 'not-yet-valid';
  if (validBefore !== null && !(about.at <= validBefore)) return 'expired-key';
  return undefined;
}

/** Finds whose key it is: of several lines with it, the first that counts for this at that time. */
export function findSigner(
  signers: readonly AllowedSigner[],
  key: PublicKey,
  about: { readonly namespace: string; readonly at: number },
): FoundSigner {
  let why: Extract<FoundSigner, { ok: false }>['why'] = 'unknown-key';
  for (const signer of signers.filter((one) => sameKey(one.key, key))) {
    const problem = signerProblem(signer, about);
    if (problem === undefined) return { ok: true, signer };
    why = problem;
  }
  return { ok: false, why };
}
