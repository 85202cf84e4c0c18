import { createPublicKey, type KeyObject } from 'node:crypto';
import { WireReader } from './wire.ts';

/** A curve of ECDSA: what SSH and what Node calls it, bytes of one coordinate, hash of its size. */
export interface Curve {
  readonly ssh: string;
  readonly jwk: string;
  readonly bytes: number;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

/** What a public key can be used for: the scheme of its signatures and the key for Node. */
export type OpenKey = {
  readonly key: KeyObject;
  /** For a security key: what its signatures are bound to besides the data. */
  readonly application: string | null;
} & (
  | { readonly scheme: 'ed25519' }
  | { readonly scheme: 'rsa'; readonly bytes: number }
  | { readonly scheme: 'ecdsa'; readonly curve: Curve }
);

/** A key that is well-formed, perhaps, but of no kind that counts. */
export class KeyRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyRefused';
  }
}

const p256: Curve = { ssh: 'nistp256', jwk: 'P-256', bytes: 32, hash: 'sha256' };
const p384: Curve = { ssh: 'nistp384', jwk: 'P-384', bytes: 48, hash: 'sha384' };
const p521: Curve = { ssh: 'nistp521', jwk: 'P-521', bytes: 66, hash: 'sha512' };

const readers: Readonly<Record<string, (reader: WireReader) => OpenKey>> = {
  'ssh-ed25519': readEd25519,
  'ssh-rsa': readRsa,
  'ecdsa-sha2-nistp256': (reader) => readEcdsa(reader, p256),
  'ecdsa-sha2-nistp384': (reader) => readEcdsa(reader, p384),
  'ecdsa-sha2-nistp521': (reader) => readEcdsa(reader, p521),
  'sk-ssh-ed25519@openssh.com': (reader) => onSecurityKey(readEd25519(reader), reader),
  'sk-ecdsa-sha2-nistp256@openssh.com': (reader) => onSecurityKey(readEcdsa(reader, p256), reader),
};

/** The types of keys whose signatures are verified. */
export const keyTypes: readonly string[] = Object.keys(readers);

/** The type that a blob names; WireError when it names none. */
export function blobType(blob: Uint8Array): string {
  return new WireReader(blob).text();
}

/** Makes a blob ready to verify with. WireError, or KeyRefused for a type or size that does not count. */
export function openKeyBlob(blob: Uint8Array): OpenKey {
  const reader = new WireReader(blob);
  const type = reader.text();
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined) {
    throw new KeyRefused(`keys of type ${JSON.stringify(type.slice(0, 60))} are not supported`);
  }
  const opened = read(reader);
  reader.end();
  return opened;
}

function publicKey(jwk: Readonly<Record<string, string>>): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    // A point beside its curve, for one.
    throw new KeyRefused('the numbers in it are no key of its type');
  }
}

const base64url = (bytes: Buffer) => bytes.toString('base64url');

function readEd25519(reader: WireReader): OpenKey {
  const point = reader.string();
  if (point.length !== 32) throw new KeyRefused('an ed25519 key has 32 bytes');
  const key = publicKey({ kty: 'OKP', crv: 'Ed25519', x: base64url(point) });
  return { scheme: 'ed25519', key, application: null };
}

const leastRsaBits = 2048;
/** As OpenSSH has it; a larger one only costs time. */
const mostRsaBits = 16_384;

function readRsa(reader: WireReader): OpenKey {
  const exponent = reader.positive();
  const modulus = reader.positive();
  const last = exponent.at(-1) ?? 0;
  // With an exponent of one everybody can sign.
  if (last % 2 === 0 || (exponent.length === 1 && last < 3)) {
    throw new KeyRefused('the exponent of the RSA key is none');
  }
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < leastRsaBits) {
    throw new KeyRefused(`an RSA key of ${bits} bits is too weak; ${leastRsaBits} are the least`);
  }
  // A long exponent is of no use and makes verifying slow.
  if (bits > mostRsaBits || exponent.length > 8) throw new KeyRefused('the RSA key is too large');
  const key = publicKey({ kty: 'RSA', n: base64url(modulus), e: base64url(exponent) });
  return { scheme: 'rsa', key, bytes: modulus.length, application: null };
}

function readEcdsa(reader: WireReader, curve: Curve): OpenKey {
  const named = reader.text();
  if (named !== curve.ssh) throw new KeyRefused(`its curve is not ${curve.ssh}`);
  const point = reader.string();
  if (point[0] !== 4 || point.length !== 1 + 2 * curve.bytes) {
    throw new KeyRefused(`it holds no uncompressed point of ${curve.ssh}`);
  }
  const x = base64url(point.subarray(1, 1 + curve.bytes));
  const y = base64url(point.subarray(1 + curve.bytes));
  return {
    scheme: 'ecdsa',
    curve,
    key: publicKey({ kty: 'EC', crv: curve.jwk, x, y }),
    application: null,
  };
}

function onSecurityKey(opened: OpenKey, reader: WireReader): OpenKey {
  return { ...opened, application: reader.text() };
}
