import { createHash } from 'node:crypto';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { fromBase64 } from './armor.ts';
import { blobType, KeyRefused, keyTypes, openKeyBlob } from './key-blob.ts';
import { WireError, WireReader } from './wire.ts';

/** A public key as SSH writes it. Two keys are the same when their blobs are; the comment is talk. */
export interface PublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string;
}

function invalid(message: string): AuroraError {
  return new AuroraError('SSH_KEY_INVALID', message);
}

/** A line as type, blob and comment, whatever its type. SSH_KEY_INVALID. */
export function readPublicKeyLine(text: string): PublicKey {
  const [, type, encoded, comment] =
    /^([^\s]+)[ \t]+([^\s]+)(?:[ \t]+(.*))?$/.exec(text.trim()) ?? [];
  if (type === undefined || encoded === undefined) {
    throw invalid('this is no public key: it should be a type, base64, and perhaps a comment');
  }
  const blob = fromBase64(encoded);
  if (blob === undefined) throw invalid('the base64 of the public key is damaged');
  if (namedType(blob) !== type) throw invalid(`the key does not hold what its type says: ${type}`);
  return { type, blob: Uint8Array.from(blob), comment: comment?.trim() ?? '' };
}

/** The type in a blob, which must be whole: a key of any type is strings up to its end. */
function namedType(blob: Uint8Array): string {
  try {
    const reader = new WireReader(blob);
    while (!reader.done) reader.string();
    return blobType(blob);
  } catch {
    throw invalid('the public key is damaged');
  }
}

/**
 * One line of a `.pub` file, `ssh-ed25519 AAAA... comment`, as a key that can verify.
 * SSH_KEY_INVALID for a damaged one, an unknown type, and RSA below 2048 bits.
 */
export function parsePublicKey(text: string): PublicKey {
  const key = readPublicKeyLine(text);
  try {
    openKeyBlob(key.blob);
    return key;
  } catch (error) {
    if (error instanceof KeyRefused) {
      throw invalid(`${error.message} (supported: ${keyTypes.join(', ')})`);
    }
    if (error instanceof WireError) throw invalid(`the public key is damaged: ${messageOf(error)}`);
    throw error;
  }
}

/** A blob with its type read from it. WireError when it names none. */
export function publicKeyOfBlob(blob: Uint8Array, comment = ''): PublicKey {
  return { type: blobType(blob), blob: Uint8Array.from(blob), comment };
}

/** `SHA256:...`, as `ssh-keygen -l` prints it. */
export function fingerprint(key: Pick<PublicKey, 'blob'>): string {
  return `SHA256:${createHash('sha256').update(key.blob).digest('base64').replace(/=+$/, '')}`;
}

/** The line of a `.pub` file, without the end of the line. */
export function publicKeyText(key: PublicKey): string {
  const encoded = Buffer.from(key.blob).toString('base64');
  return `${key.type} ${encoded}${key.comment === '' ? '' : ` ${key.comment}`}`;
}

/** Whether two keys are the same one. */
export function sameKey(a: Pick<PublicKey, 'blob'>, b: Pick<PublicKey, 'blob'>): boolean {
  return Buffer.from(a.blob).equals(b.blob);
}
