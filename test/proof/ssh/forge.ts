import { createHash, type KeyObject, sign } from 'node:crypto';
import { armor } from '../../../src/proof/ssh/armor.ts';
import { wirePositive, wireString, wireStrings, wireUint32 } from '../../../src/proof/ssh/wire.ts';

/** The fields of a signature, each as a test wants it. */
export interface Fields {
  readonly magic?: string;
  readonly version?: number;
  readonly publicBlob: Uint8Array;
  readonly namespace?: string | Uint8Array;
  readonly reserved?: string;
  readonly hash?: string;
  readonly signature: Uint8Array;
  readonly behind?: Uint8Array;
}

export const namespace = 'aurora-approval';

/** A signature put together field by field. */
export function forge(fields: Fields): string {
  const { version = 1, hash = 'sha512', reserved = '' } = fields;
  return armor(
    'SSH SIGNATURE',
    Buffer.concat([
      Buffer.from(fields.magic ?? 'SSHSIG'),
      wireUint32(version),
      wireString(fields.publicBlob),
      wireStrings(fields.namespace ?? namespace, reserved, hash, fields.signature),
      fields.behind ?? new Uint8Array(),
    ]),
  );
}

/** What a key has to sign, made as the protocol tells it and not with the code under test. */
export function toSign(message: string, hash = 'sha512', reserved = ''): Buffer {
  const number = (n: number) => Buffer.from([0, 0, 0, n]);
  const digest = createHash(hash).update(message).digest();
  const parts = [namespace, reserved, hash].map((text) => Buffer.from(text));
  return Buffer.concat([
    Buffer.from('SSHSIG'),
    ...[...parts, digest].flatMap((part) => [number(part.length), part]),
  ]);
}

/** A security key made of software: signs as the real ones do, with flags as the test wants them. */
export class SoftwareSecurityKey {
  readonly #key: KeyObject;
  readonly #type: string;
  readonly blob: Buffer;

  constructor(key: KeyObject) {
    this.#key = key;
    const { x = '', y = '' } = key.export({ format: 'jwk' });
    const points = [x, y].map((one) => Buffer.from(one, 'base64url'));
    const ecdsa = key.asymmetricKeyType === 'ec';
    this.#type = ecdsa ? 'sk-ecdsa-sha2-nistp256@openssh.com' : 'sk-ssh-ed25519@openssh.com';
    const point = Buffer.concat(ecdsa ? [Buffer.from([4]), ...points] : points);
    this.blob = wireStrings(this.#type, ...(ecdsa ? ['nistp256'] : []), point, 'ssh:');
  }

  /** SSH's signature blob over `data`. */
  sign(data: Buffer, flags: number): Buffer {
    const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest();
    const touch = Buffer.concat([Buffer.from([flags]), wireUint32(41)]);
    const signed = Buffer.concat([sha256('ssh:'), touch, sha256(data)]);
    return Buffer.concat([wireString(this.#type), wireString(this.#raw(signed)), touch]);
  }

  #raw(data: Buffer): Buffer {
    if (this.#key.asymmetricKeyType === 'ed25519') return sign(null, data, this.#key);
    const pair = sign('sha256', data, { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return Buffer.concat([wirePositive(pair.subarray(0, 32)), wirePositive(pair.subarray(32))]);
  }
}
