import { AuroraError, hasCode } from '../../base/errors.ts';
import { fromBase64 } from './armor.ts';
import { fingerprint, type PublicKey, readPublicKeyLine } from './public-key.ts';

/** A key that no longer counts, known by its fingerprint. */
export interface RevokedKey {
  /** `SHA256:...` */
  readonly fingerprint: string;
  /** What stands behind it in the file: whose it was, or why. */
  readonly comment: string;
}

const aFingerprint = /^(SHA256:[A-Za-z0-9+/]{43})=?(?:\s+(.*))?$/;

/**
 * Reads the keys that were taken back: one public key a line, of any type, as `ssh-keygen -r` takes it,
 * or a `SHA256:` fingerprint. APPROVERS_INVALID with `path:line` for any other line: a key that
 * somebody meant to revoke must not stay good because of a slip.
 */
export function parseRevokedKeys(text: string, path = 'revoked keys'): readonly RevokedKey[] {
  if (text.startsWith('SSHKRL\n')) {
    throw new AuroraError('APPROVERS_INVALID', 'this is a binary revocation list', {
      where: path,
      remedy: 'Write the public keys, or their fingerprints, one a line.',
    });
  }
  return text.split('\n').flatMap((raw, index) => {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) return [];
    return [readLine(content, `${path}:${index + 1}`)];
  });
}

function readLine(content: string, where: string): RevokedKey {
  const [, print, comment = ''] = aFingerprint.exec(content) ?? [];
  if (print !== undefined) {
    const wellFormed = fromBase64(`${print.slice('SHA256:'.length)}=`) !== undefined;
    if (wellFormed) return { fingerprint: print, comment };
    throw new AuroraError('APPROVERS_INVALID', 'the fingerprint is damaged', { where });
  }
  try {
    const key = readPublicKeyLine(content);
    return { fingerprint: fingerprint(key), comment: key.comment };
  } catch (error) {
    if (!hasCode(error, 'SSH_KEY_INVALID')) throw error;
    throw new AuroraError('APPROVERS_INVALID', error.message, { where });
  }
}

/** Whether a key was taken back. */
export function isRevoked(key: PublicKey, revoked: readonly RevokedKey[]): boolean {
  const own = fingerprint(key);
  return revoked.some((one) => one.fingerprint === own);
}
