import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { AuroraError } from '../../base/errors.ts';
import { rememberSecret } from '../../base/redact.ts';
import { Secret } from '../../base/secret.ts';
import { armor, dearmor } from './armor.ts';
import { type PublicKey, publicKeyOfBlob, sameKey } from './public-key.ts';
import { WireError, WireReader, wireString, wireStrings, wireUint32 } from './wire.ts';

/** An ed25519 key that Node signs with. */
export interface PrivateKey {
  readonly key: KeyObject;
  readonly publicKey: PublicKey;
}

const label = 'OPENSSH PRIVATE KEY';
const magic = 'openssh-key-v1\0';
const ed25519 = 'ssh-ed25519';
/** The private part is filled up to whole blocks of its cipher; eight bytes without one. */
const blockBytes = 8;
/** A PKCS#8 document of an ed25519 key up to its 32 secret bytes. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** What a private key file says without its passphrase. */
interface Container {
  readonly cipher: string;
  readonly publicBlob: Buffer;
  readonly privatePart: Buffer;
}

function readContainer(pem: Secret): Container | undefined {
  const bytes = dearmor(label, pem.reveal());
  if (bytes === undefined) return undefined;
  const reader = new WireReader(bytes);
  if (reader.raw(magic.length).toString('latin1') !== magic) return undefined;
  const cipher = reader.text();
  // Name and parameters of the key derivation: they matter to who decrypts.
  reader.string();
  reader.string();
  if (reader.uint32() !== 1) return undefined;
  const publicBlob = reader.string();
  const privatePart = reader.string();
  return { cipher, publicBlob, privatePart };
}

/**
 * Reads a private key. Aurora signs with unencrypted ed25519 keys itself (OpenSSH's own format and
 * PKCS#8 PEM); `encrypted` and `unsupported` ones are for ssh-keygen. SSH_KEY_INVALID for a damaged
 * one: signing with half a key would give it away.
 */
export function parsePrivateKey(pem: Secret): PrivateKey | 'encrypted' | 'unsupported' {
  rememberLines(pem.reveal());
  try {
    const container = readContainer(pem);
    if (container === undefined) return parsePkcs8(pem.reveal());
    if (container.cipher !== 'none') return 'encrypted';
    if (new WireReader(container.publicBlob).text() !== ed25519) return 'unsupported';
    return openContainer(container);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw damaged(error.message);
  }
}

/** A single line of a key must not be shown either: an error may quote one. */
function rememberLines(text: string): void {
  if (!text.includes('PRIVATE KEY-----')) return;
  for (const line of text.match(/^[A-Za-z0-9+/=]{20,}$/gm) ?? []) rememberSecret(line);
}

function damaged(why: string): AuroraError {
  return new AuroraError('SSH_KEY_INVALID', `the private key is damaged: ${why}`);
}

function openContainer({ publicBlob, privatePart }: Container): PrivateKey {
  const reader = new WireReader(privatePart);
  const [first, second] = [reader.uint32(), reader.uint32()];
  if (first !== second) throw damaged('its check numbers differ');
  if (reader.text() !== ed25519) throw damaged('its two halves are of different types');
  const point = reader.string();
  const secret = reader.string();
  const comment = reader.text();
  if (!reader.rest().every((byte, index) => byte === index + 1)) {
    throw damaged('it is not filled up as it should be');
  }
  if (secret.length !== 64 || !secret.subarray(32).equals(point)) {
    throw damaged('its secret part does not hold its public one');
  }
  const opened = ofKeyObject(fromSeed(secret.subarray(0, 32)), comment);
  if (!sameKey(opened.publicKey, { blob: publicBlob })) {
    throw damaged('it does not belong to its public key');
  }
  return opened;
}

function parsePkcs8(text: string): PrivateKey | 'encrypted' | 'unsupported' {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return 'encrypted';
  }
  if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) return 'unsupported';
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw damaged('it is no PKCS#8 document');
  }
  return key.asymmetricKeyType === 'ed25519' ? ofKeyObject(key, '') : 'unsupported';
}

function fromSeed(seed: Buffer): KeyObject {
  const key = Buffer.concat([pkcs8Head, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function ofKeyObject(key: KeyObject, comment: string): PrivateKey {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const blob = wireStrings(ed25519, Buffer.from(x, 'base64url'));
  return { key, publicKey: publicKeyOfBlob(blob, comment) };
}

/** The public half that a private key file in OpenSSH's format tells without a passphrase, or null. */
export function publicKeyInside(pem: Secret): PublicKey | null {
  try {
    const container = readContainer(pem);
    return container === undefined ? null : publicKeyOfBlob(container.publicBlob);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** A new ed25519 key: the text of its file, without a passphrase, and its public half. */
export function generateKey(comment: string): {
  readonly privateKey: Secret;
  readonly publicKey: PublicKey;
} {
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const { publicKey } = ofKeyObject(key, comment);
  const text = containerText(key, publicKey);
  rememberLines(text);
  return { privateKey: new Secret(text, 'a new key'), publicKey };
}

function containerText(key: KeyObject, publicKey: PublicKey): string {
  const jwk = key.export({ format: 'jwk' });
  const point = Buffer.from(jwk.x ?? '', 'base64url');
  const seed = Buffer.from(jwk.d ?? '', 'base64url');
  const check = randomBytes(4);
  const open = Buffer.concat([
    check,
    check,
    wireStrings(ed25519, point, Buffer.concat([seed, point]), publicKey.comment),
  ]);
  const missing = (blockBytes - (open.length % blockBytes)) % blockBytes;
  const filled = Buffer.concat([open, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))]);
  return armor(
    label,
    Buffer.concat([
      Buffer.from(magic, 'latin1'),
      wireStrings('none', 'none', ''),
      wireUint32(1),
      wireString(publicKey.blob),
      wireString(filled),
    ]),
  );
}
