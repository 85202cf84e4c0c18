import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dearmor } from '../../../src/proof/ssh/armor.ts';
import {
  generateKey,
  type PrivateKey,
  parsePrivateKey,
} from '../../../src/proof/ssh/private-key.ts';
import { fingerprint, publicKeyText } from '../../../src/proof/ssh/public-key.ts';
import { signMessage, verifySignature } from '../../../src/proof/ssh/sshsig.ts';
import { wirePositive, wireString, wireStrings } from '../../../src/proof/ssh/wire.ts';
import { made } from './fixtures.ts';
import { forge, namespace, SoftwareSecurityKey, toSign } from './forge.ts';

function newKey(): PrivateKey {
  const key = parsePrivateKey(generateKey('Omar V.').privateKey);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

const key = newKey();
const message = '{"release":"r1","step":5,"verdict":"approve"}';
const good = signMessage(message, key, namespace);

/** The verdict in one word. */
function why(armored: string, text = message, purpose = namespace): string {
  const verdict = verifySignature(text, armored, purpose);
  return verdict.ok ? 'good' : verdict.why;
}

describe('a signature made here', () => {
  it('is good for its message and purpose, and names the key', () => {
    expect(verifySignature(message, good, namespace)).toEqual({
      ok: true,
      key: { ...key.publicKey, comment: '' },
    });
  });

  it('is none for another message, be it by one letter', () => {
    expect(why(good, `${message} `)).toBe('signature');
    expect(why(good, '')).toBe('signature');
  });

  it('is none for another purpose, and there is none for no purpose', () => {
    expect(why(good, message, 'file')).toBe('namespace');
    expect(why(signMessage(message, key, 'file'))).toBe('namespace');
    expect(why(good, message, '')).toBe('namespace');
    expect(() => signMessage(message, key, '')).toThrow('needs a namespace');
  });

  it('is good however its lines are broken, and with the ends of lines of another system', () => {
    const [first = '', ...rest] = good.trimEnd().split('\n');
    const body = rest.slice(0, -1).join('');
    expect(why([first, body, rest.at(-1)].join('\n'))).toBe('good');
    expect(why(good.replaceAll('\n', '\r\n'))).toBe('good');
  });

  it('says yes to any text that can be told from every other, and to no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(why(signMessage(text, key, namespace), text)).toBe('good');
      }),
    );
    expect(() => signMessage('\ud800', key, namespace)).toThrow('well-formed');
    expect(why(signMessage('\ufffd', key, namespace), '\ud800')).toBe('malformed');
  });
});

describe('a signature of ssh-keygen', () => {
  it.each(made.signatures)('$name is good, and its key has the same fingerprint', (one) => {
    const verdict = verifySignature(made.message, one.armored, made.namespace);
    if (!verdict.ok) throw new Error(verdict.detail);
    expect(fingerprint(verdict.key)).toBe(one.fingerprint);
    expect(one.publicKey.startsWith(`${publicKeyText(verdict.key)} `)).toBe(true);
    expect(why(one.armored, `${made.message}\n`, made.namespace)).toBe('signature');
    expect(why(one.armored, made.message, 'git')).toBe('namespace');
  });

  it.each(made.signatures)('$name is refused with a changed bit anywhere', ({ name, armored }) => {
    const blob = dearmor('SSH SIGNATURE', armored) ?? Buffer.alloc(0);
    expect(blob.length).toBeGreaterThan(150);
    // Every bit; of the curves that take their time, one in each byte.
    const bits = /384|521/.test(name) ? 1 : 8;
    const flips = everyFlip(blob, bits);
    expect(flips).toHaveLength(blob.length * bits);
    const taken = flips.filter((flipped) => why(armorAgain(flipped), made.message) === 'good');
    expect(taken).toEqual([]);
  });

  it('is refused with any one bit of its text changed, line ends too', () => {
    const armored = made.signatures[0]?.armored ?? '';
    const texts = everyFlip(Buffer.from(armored, 'latin1')).map((one) => one.toString('latin1'));
    expect(texts.length).toBeGreaterThan(2000);
    expect(texts.filter((text) => why(text, made.message) === 'good')).toEqual([]);
  });
});

function armorAgain(blob: Buffer): string {
  return `-----BEGIN SSH SIGNATURE-----\n${blob.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
}

/** The bytes with one bit changed: for each bit, or for fewer of each byte, another one every time. */
function everyFlip(bytes: Buffer, bits = 8): readonly Buffer[] {
  return Array.from({ length: bytes.length * bits }, (_, flip) => {
    const flipped = Buffer.from(bytes);
    const at = Math.floor(flip / bits);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (bits === 8 ? flip % 8 : at % 8));
    return flipped;
  });
}

describe('what is no signature', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'yes'],
    ['something before it', ` ${good}`],
    ['something behind it', `${good}yes\n`],
    ['two of them', good + good],
    ['another label', good.replaceAll('SSH SIGNATURE', 'PGP SIGNATURE')],
    ['no last line', good.split('\n').slice(0, -2).join('\n')],
    ['base64 with spaces in it', good.replace(/A/, ' A')],
    ['base64 that is not in its shortest form', good.replace(/(.)(\n-----END)/, '$1=$2')],
    ['far too long', good.replace('\n', `\n${'A'.repeat(40_000)}`)],
  ])('%s is a verdict, not an error', (_, text) => {
    expect(verifySignature(message, text, namespace)).toMatchObject({
      ok: false,
      why: 'malformed',
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(why(text)).toBe('malformed');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(why(armorAgain(Buffer.from(bytes)))).toBe('malformed');
        const field = wireString(bytes);
        const open = { publicBlob: key.publicKey.blob, signature: bytes };
        expect(why(forge(open))).not.toBe('good');
        expect(why(forge({ publicBlob: bytes, signature: field }))).not.toBe('good');
      }),
    );
  });

  it('never throws, and never says yes, when a part is cut out, doubled or put elsewhere', () => {
    const blobs = made.signatures.map(
      ({ armored }) => dearmor('SSH SIGNATURE', armored) ?? Buffer.alloc(0),
    );
    const place = fc.nat({ max: 600 });
    fc.assert(
      fc.property(fc.constantFrom(...blobs), place, place, place, (blob, from, to, at) => {
        const piece = blob.subarray(from, to);
        const changed = [
          Buffer.concat([blob.subarray(0, from), blob.subarray(to)]),
          Buffer.concat([blob.subarray(0, at), piece, blob.subarray(at)]),
        ];
        for (const one of changed.filter((bytes) => !bytes.equals(blob))) {
          expect(why(armorAgain(one), made.message)).not.toBe('good');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a field that is not as the protocol has it', () => {
  const publicBlob = key.publicKey.blob;
  const over = (data: Buffer) => wireStrings('ssh-ed25519', sign(null, data, key.key));
  const signature = over(toSign(message));

  it.each([
    ['none', {}, 'good'],
    ['the other hash', { hash: 'sha256', signature: over(toSign(message, 'sha256')) }, 'good'],
    ['another magic word', { magic: 'SSHSIX' }, 'malformed'],
    ['a later version', { version: 2 }, 'malformed'],
    ['version 0', { version: 0 }, 'malformed'],
    ['a reserved field', { reserved: 'x' }, 'malformed'],
    [
      'a reserved field that is signed',
      { reserved: 'x', signature: over(toSign(message, 'sha512', 'x')) },
      'malformed',
    ],
    ['something behind it', { behind: Buffer.from([0]) }, 'malformed'],
    ['no namespace', { namespace: '' }, 'namespace'],
    ['a namespace that only begins so', { namespace: `${namespace}\0x` }, 'namespace'],
    ['a namespace that is no text', { namespace: Buffer.from([0xff]) }, 'malformed'],
    ['SHA-1', { hash: 'sha1' }, 'algorithm'],
    ['the hash of another algorithm', { hash: 'sha256' }, 'signature'],
    ['a hash named after something in every object', { hash: 'constructor' }, 'algorithm'],
    ['a signature of another scheme', { signature: wireStrings('ssh-rsa', 'x') }, 'algorithm'],
    [
      'something behind the signature',
      { signature: Buffer.concat([signature, Buffer.from([0])]) },
      'malformed',
    ],
    ['an empty signature', { signature: wireStrings('ssh-ed25519', '') }, 'signature'],
    ['a type nobody knows', { publicBlob: wireStrings('ssh-future', 'x') }, 'algorithm'],
    ['a type of every object', { publicBlob: wireStrings('toString', 'x') }, 'algorithm'],
    [
      'a certificate',
      { publicBlob: wireStrings('ssh-ed25519-cert-v01@openssh.com', 'x') },
      'algorithm',
    ],
    ['another key', { publicBlob: newKey().publicKey.blob }, 'signature'],
  ] as const)('%s', (_, fields, expected) => {
    expect(why(forge({ publicBlob, signature, ...fields }))).toBe(expected);
  });
});

describe('RSA', () => {
  function rsa(bits: number, exponent = 65_537) {
    const pair = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent });
    const { n = '', e = '' } = pair.publicKey.export({ format: 'jwk' });
    const [modulus, power] = [n, e].map((one) => Buffer.from(one, 'base64url'));
    const numbers = [power ?? Buffer.alloc(0), modulus ?? Buffer.alloc(0)].map(wirePositive);
    const publicBlob = Buffer.concat([wireString('ssh-rsa'), ...numbers]);
    return (scheme: string, hash: string, before: readonly number[] = []) => {
      const signature = sign(hash, toSign(message), pair.privateKey);
      const bytes = Buffer.concat([Buffer.from(before), signature]);
      return forge({ publicBlob, signature: wireStrings(scheme, bytes) });
    };
  }
  const strong = rsa(2048);

  it('counts with SHA-2, and never with SHA-1', () => {
    expect(why(strong('rsa-sha2-256', 'sha256'))).toBe('good');
    expect(why(strong('rsa-sha2-512', 'sha512'))).toBe('good');
    expect(why(strong('ssh-rsa', 'sha1'))).toBe('algorithm');
    expect(why(strong('rsa-sha2-512', 'sha1'))).toBe('signature');
  });

  it('does not count when it is longer than its key, be it by a zero', () => {
    expect(why(strong('rsa-sha2-512', 'sha512', [0]))).toBe('signature');
  });

  it('does not count below 2048 bits', () => {
    const verdict = verifySignature(message, rsa(1024)('rsa-sha2-512', 'sha512'), namespace);
    expect(verdict).toMatchObject({ ok: false, why: 'algorithm' });
    expect(verdict).toMatchObject({ detail: expect.stringContaining('1024 bits') });
  });

  it('does not count with an exponent that lets everybody sign', () => {
    const modulus = Buffer.alloc(256, 0xc3);
    const publicBlob = Buffer.concat([
      wireString('ssh-rsa'),
      wirePositive(Buffer.from([1])),
      wirePositive(modulus),
    ]);
    const forged = forge({ publicBlob, signature: wireStrings('rsa-sha2-512', modulus) });
    expect(verifySignature(message, forged, namespace)).toMatchObject({
      why: 'algorithm',
      detail: expect.stringContaining('exponent'),
    });
  });
});

describe('ECDSA', () => {
  it('with a key that is no point of its curve is refused', () => {
    const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
    const publicBlob = wireStrings('ecdsa-sha2-nistp256', 'nistp256', point);
    const signature = wireStrings('ecdsa-sha2-nistp256', 'x');
    expect(why(forge({ publicBlob, signature }))).toBe('algorithm');
  });

  it('with numbers of zero is refused', () => {
    const { publicKey } = made.signatures.find(({ name }) => name === 'ecdsa-256') ?? {};
    const publicBlob = Buffer.from(publicKey?.split(' ')[1] ?? '', 'base64');
    const zeros = Buffer.alloc(8);
    expect(why(forge({ publicBlob, signature: wireStrings('ecdsa-sha2-nistp256', zeros) }))).toBe(
      'malformed',
    );
  });
});

describe('a security key', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each([
    ['ed25519', new SoftwareSecurityKey(generateKeyPairSync('ed25519').privateKey)],
    ['ecdsa', new SoftwareSecurityKey(p256)],
  ])('of %s counts when somebody touched it, and only then', (_, device) => {
    const signed = (flags: number) =>
      forge({ publicBlob: device.blob, signature: device.sign(toSign(message), flags) });
    expect(why(signed(1))).toBe('good');
    expect(why(signed(5))).toBe('good');
    expect(why(signed(0))).toBe('signature');
    expect(why(signed(4))).toBe('signature');
    expect(why(signed(1), 'another message')).toBe('signature');
  });
});
