import { readFile } from 'node:fs/promises';
import { AuroraError, hasErrno, messageOf } from '../../base/errors.ts';
import { type AllowedSigner, parseAllowedSigners } from '../../proof/ssh/allowed-signers.ts';
import { parseRevokedKeys, type RevokedKey } from '../../proof/ssh/revoked-keys.ts';

/** Who may approve, and which of their keys were taken back. */
export interface Approvers {
  /** The file, also when it is not there. */
  readonly path: string;
  readonly signers: readonly AllowedSigner[];
  readonly revoked: readonly RevokedKey[];
}

/**
 * Reads the approvers and, from `<path>.revoked` beside them, the keys that were taken back. A file
 * that is not there lists nobody. APPROVERS_INVALID for one that cannot be read or understood.
 */
export async function readApprovers(path: string): Promise<Approvers> {
  const revokedPath = `${path}.revoked`;
  const [signers, revoked] = await Promise.all([readText(path), readText(revokedPath)]);
  return {
    path,
    signers: parseAllowedSigners(signers, path),
    revoked: parseRevokedKeys(revoked, revokedPath),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT')) return '';
    throw new AuroraError('APPROVERS_INVALID', `it cannot be read: ${messageOf(cause)}`, {
      where: path,
      cause,
    });
  }
}
