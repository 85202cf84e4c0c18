import { createHash, sign } from 'node:crypto';
import { messageOf } from '../../base/errors.ts';
import { armor, dearmor } from './armor.ts';
import { KeyRefused, openKeyBlob } from './key-blob.ts';
import type { PrivateKey } from './private-key.ts';
import { type PublicKey, publicKeyOfBlob } from './public-key.ts';
import { verifyBlob } from './signature-scheme.ts';
import { WireError, WireReader, wireString, wireStrings, wireUint32 } from './wire.ts';

/**
 * OpenSSH's format of detached signatures (its PROTOCOL.sshsig): what `ssh-keygen -Y sign` makes and
 * `ssh-keygen -Y verify` reads.
 */

/** What a signature is worth: who made it, or why it is none. `detail` is for people. */
export type SignatureVerdict =
  | { readonly ok: true; readonly key: PublicKey }
  | {
      readonly ok: false;
      readonly why: 'malformed' | 'namespace' | 'algorithm' | 'signature';
      readonly detail: string;
    };

const label = 'SSH SIGNATURE';
const magic = Buffer.from('SSHSIG');
const version = 1;
const hashes: readonly string[] = ['sha256', 'sha512'];
/** The largest key and signature that count stay far below this. */
const longest = 32_768;

/** The fields of a signature as they stand in it. */
interface Parts {
  readonly publicBlob: Buffer;
  readonly namespace: string;
  readonly hash: string;
  readonly signature: Buffer;
}

/** What the key signs: hash and namespace in one, never the message itself. */
function signedData(message: Buffer, namespace: string, hash: string): Buffer {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([magic, wireStrings(namespace, '', hash, digest)]);
}

/** UTF-8 of a text; undefined where two texts would give the same bytes. */
function bytesOf(message: string): Buffer | undefined {
  const bytes = Buffer.from(message);
  return bytes.toString('utf8') === message ? bytes : undefined;
}

/** Signs a text for one purpose. The armored signature; the key's own type is always ed25519. */
export function signMessage(message: string, key: PrivateKey, namespace: string): string {
  const bytes = bytesOf(message);
  if (bytes === undefined) throw new TypeError('the message is no well-formed text');
  if (namespace === '') throw new TypeError('a signature needs a namespace');
  const hash = 'sha512';
  const signature = sign(null, signedData(bytes, namespace, hash), key.key);
  return armor(
    label,
    Buffer.concat([
      magic,
      wireUint32(version),
      wireString(key.publicKey.blob),
      wireStrings(namespace, '', hash, wireStrings(key.publicKey.type, signature)),
    ]),
  );
}

/** Reads the fields; WireError for anything that is not exactly a signature of version 1. */
function readParts(armored: string): Parts {
  const blob = armored.length > longest ? undefined : dearmor(label, armored);
  if (blob === undefined) throw new WireError('it is not one armored SSH signature');
  const reader = new WireReader(blob);
  if (!reader.raw(magic.length).equals(magic)) throw new WireError('it is no SSH signature');
  const found = reader.uint32();
  if (found !== version) throw new WireError(`its version is ${found}, not ${version}`);
  const publicBlob = reader.string();
  const namespace = reader.text();
  // OpenSSH ignores this field, and leaves it out of what is signed: anybody could write into it.
  if (reader.string().length > 0) throw new WireError('its reserved field is not empty');
  const hash = reader.text();
  const signature = reader.string();
  reader.end();
  return { publicBlob, namespace, hash, signature };
}

/**
 * Whether `armored` is a signature of exactly this message for this namespace, and by which key.
 * Whose key that is, and whether it counts, is another question (`findSigner`). Never throws:
 * whatever is wrong with the signature is a verdict.
 */
export function verifySignature(
  message: string,
  armored: string,
  namespace: string,
): SignatureVerdict {
  try {
    return verifyParts(message, readParts(armored), namespace);
  } catch (error) {
    // Whatever else the library of ciphers may say of bytes that somebody sent: it is no signature.
    const why = error instanceof KeyRefused ? 'algorithm' : 'malformed';
    return { ok: false, why, detail: messageOf(error) };
  }
}

function verifyParts(message: string, parts: Parts, namespace: string): SignatureVerdict {
  const refuse = (why: 'malformed' | 'namespace' | 'algorithm' | 'signature', detail: string) =>
    ({ ok: false, why, detail }) as const;
  const bytes = bytesOf(message);
  if (bytes === undefined) return refuse('malformed', 'the message is no well-formed text');
  if (parts.namespace !== namespace || namespace === '') {
    return refuse('namespace', `it was made for ${shown(parts.namespace)}, not ${namespace}`);
  }
  if (!hashes.includes(parts.hash)) {
    return refuse('algorithm', `its hash is ${shown(parts.hash)}, not one of ${hashes.join(', ')}`);
  }
  const key = publicKeyOfBlob(parts.publicBlob);
  const data = signedData(bytes, namespace, parts.hash);
  switch (verifyBlob(key.type, openKeyBlob(parts.publicBlob), data, parts.signature)) {
    case 'good':
      return { ok: true, key };
    case 'algorithm':
      return refuse('algorithm', `it is signed in a way that ${key.type} keys may not use`);
    case 'bad':
      return refuse('signature', 'it does not belong to this message');
  }
}

/** A text from outside, short and on one line. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
