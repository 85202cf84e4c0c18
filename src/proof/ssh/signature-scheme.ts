import { constants, createHash, verify } from 'node:crypto';
import type { Curve, OpenKey } from './key-blob.ts';
import { WireError, WireReader } from './wire.ts';

/** What a signature of one key came to. */
export type SchemeVerdict = 'good' | 'bad' | 'algorithm';

/** Names of the signature schemes for RSA; never `ssh-rsa`, which is SHA-1. */
const rsaHashes: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/** The touch that a security key wants before it signs: without it software alone could have signed. */
const userPresent = 0x01;

/**
 * Whether the key of type `type` signed `data`. `signature` is SSH's signature blob: the name of a
 * scheme, the signature, and a counter with flags for a security key. WireError for a damaged one.
 */
export function verifyBlob(
  type: string,
  opened: OpenKey,
  data: Buffer,
  signature: Uint8Array,
): SchemeVerdict {
  const reader = new WireReader(signature);
  const scheme = reader.text();
  const bytes = reader.string();
  const touch = opened.application === null ? undefined : readTouch(reader);
  reader.end();
  const expected = opened.scheme === 'rsa' ? Object.hasOwn(rsaHashes, scheme) : scheme === type;
  if (!expected) return 'algorithm';
  if (touch !== undefined && (touch.flags & userPresent) === 0) return 'bad';
  const signed =
    touch === undefined ? data : boundToTouch(data, opened.application ?? '', touch.bytes);
  return verifyBytes(opened, scheme, signed, bytes) ? 'good' : 'bad';
}

function readTouch(reader: WireReader): { readonly flags: number; readonly bytes: Buffer } {
  const bytes = reader.raw(5);
  return { flags: bytes[0] ?? 0, bytes };
}

/** What a security key really signs: hashes of whom it is for and of the data, with flags and counter. */
function boundToTouch(data: Buffer, application: string, touch: Buffer): Buffer {
  const hash = (content: Buffer | string) => createHash('sha256').update(content).digest();
  return Buffer.concat([hash(application), touch, hash(data)]);
}

function verifyBytes(opened: OpenKey, scheme: string, data: Buffer, signature: Buffer): boolean {
  switch (opened.scheme) {
    case 'ed25519':
      return verify(null, data, opened.key, signature);
    case 'rsa': {
      if (signature.length > opened.bytes) return false;
      // Some agents leave out zeros in front.
      const zeros = Buffer.alloc(opened.bytes - signature.length);
      const key = { key: opened.key, padding: constants.RSA_PKCS1_PADDING };
      return verify(rsaHashes[scheme], data, key, Buffer.concat([zeros, signature]));
    }
    case 'ecdsa': {
      const key = { key: opened.key, dsaEncoding: 'ieee-p1363' as const };
      return verify(opened.curve.hash, data, key, pointPair(signature, opened.curve));
    }
  }
}

/** The two numbers of an ECDSA signature side by side, each as long as the curve has it. */
function pointPair(signature: Buffer, curve: Curve): Buffer {
  const reader = new WireReader(signature);
  const numbers = [reader.positive(), reader.positive()].map((number) => {
    if (number.length > curve.bytes) throw new WireError('a number in it is too large');
    return Buffer.concat([Buffer.alloc(curve.bytes - number.length), number]);
  });
  reader.end();
  return Buffer.concat(numbers);
}
