import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/base/redact.ts';
import { Secret } from '../../../src/base/secret.ts';
import { armor, dearmor } from '../../../src/proof/ssh/armor.ts';
import { openKeyBlob } from '../../../src/proof/ssh/key-blob.ts';
import {
  generateKey,
  parsePrivateKey,
  publicKeyInside,
} from '../../../src/proof/ssh/private-key.ts';
import { fingerprint, parsePublicKey, publicKeyText } from '../../../src/proof/ssh/public-key.ts';
import { signMessage, verifySignature } from '../../../src/proof/ssh/sshsig.ts';
import { wireString, wireStrings } from '../../../src/proof/ssh/wire.ts';
import { made } from './fixtures.ts';

const [first] = made.signatures;
const line = first?.publicKey ?? '';
const asText = (blob: Uint8Array, type: string) =>
  `${type} ${Buffer.from(blob).toString('base64')}`;
const key = (text: string) => new Secret(text, 'a test');

describe('a public key', () => {
  it.each(made.signatures)('$name has the fingerprint that ssh-keygen prints', (one) => {
    const parsed = parsePublicKey(one.publicKey);
    expect(fingerprint(parsed)).toBe(one.fingerprint);
    expect(publicKeyText(parsed)).toBe(one.publicKey);
  });

  it('keeps its comment, and may have none', () => {
    expect(parsePublicKey(`  ${line}\n`).comment).toBe('ed25519 of the fixtures');
    const bare = line.split(' ').slice(0, 2).join(' ');
    expect(publicKeyText(parsePublicKey(bare))).toBe(bare);
  });

  it.each([
    ['nothing', '', /no public key/],
    ['one word', 'ssh-ed25519', /no public key/],
    ['two lines', `${line}\n${line}`, /no public key/],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----', /base64/],
    ['base64 cut off', line.replace(/(AAAA\S{20})\S+/, '$1'), /damaged/],
    ['base64 with a letter of another alphabet', line.replace('AAAA', 'AA-A'), /base64/],
    ['another type than it says', line.replace('ssh-ed25519', 'ssh-rsa'), /type says/],
    [
      'a type nobody knows',
      asText(wireStrings('ssh-dss', 'x'), 'ssh-dss'),
      /"ssh-dss" are not supported \(supported: ssh-ed25519, ssh-rsa/,
    ],
    ['too few bytes', asText(wireStrings('ssh-ed25519', 'x'), 'ssh-ed25519'), /32 bytes/],
    [
      'something behind its end',
      asText(wireStrings('ssh-ed25519', Buffer.alloc(32, 1), ''), 'ssh-ed25519'),
      /behind its end/,
    ],
    [
      'another curve than its type',
      asText(wireStrings('ecdsa-sha2-nistp256', 'nistp384', 'x'), 'ecdsa-sha2-nistp256'),
      /not nistp256/,
    ],
    [
      'a number with a zero too many',
      asText(wireStrings('ssh-rsa', Buffer.from([0, 3]), 'x'), 'ssh-rsa'),
      /shortest form/,
    ],
  ])('%s is refused by name', (_, text, message) => {
    expect(() => parsePublicKey(text)).toThrow(
      expect.objectContaining({ code: 'SSH_KEY_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('is refused when RSA is too short, and says how short', () => {
    const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      format: 'jwk',
    });
    const modulus = Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]);
    const blob = wireStrings('ssh-rsa', Buffer.from([1, 0, 1]), modulus);
    expect(() => parsePublicKey(asText(blob, 'ssh-rsa'))).toThrow(/1024 bits is too weak/);
  });

  it('throws nothing else, whatever the text', () => {
    const anyBlob = fc.uint8Array({ maxLength: 200 }).map((bytes) => {
      return asText(Buffer.concat([wireString('ssh-ed25519'), bytes]), 'ssh-ed25519');
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyBlob), (text) => {
        try {
          openKeyBlob(parsePublicKey(text).blob);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SSH_KEY_INVALID' });
        }
      }),
    );
  });
});

describe('a new key', () => {
  const made = generateKey('Omar V.');

  it('reads back as itself and signs', () => {
    const read = parsePrivateKey(made.privateKey);
    if (typeof read === 'string') throw new Error(read);
    expect(read.publicKey).toEqual(made.publicKey);
    expect(publicKeyInside(made.privateKey)?.blob).toEqual(made.publicKey.blob);
    const verdict = verifySignature('yes', signMessage('yes', read, 'test'), 'test');
    expect(verdict).toMatchObject({ ok: true });
  });

  it('is another one each time, whatever the comment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (comment) => {
        const one = generateKey(comment);
        expect(parsePrivateKey(one.privateKey)).toMatchObject({ publicKey: { comment } });
        expect(fingerprint(one.publicKey)).not.toBe(fingerprint(made.publicKey));
      }),
      { numRuns: 40 },
    );
  });

  it('does not print, not even inspected, and every sink blanks it out', () => {
    const text = made.privateKey.reveal();
    const read = parsePrivateKey(made.privateKey);
    const shown = [inspect(made, { depth: 9 }), JSON.stringify(made), inspect(read), String(read)];
    const body = text.split('\n').slice(2, -2);
    for (const one of shown) for (const part of body) expect(one).not.toContain(part);
    expect(redact(`key: ${text}`)).toBe('key: [secret]');
    // Nor a single line of it, as an error may quote it.
    for (const part of body) expect(redact(`at 'x': ${part}`)).toBe("at 'x': [secret]");
    expect(redact(publicKeyText(made.publicKey))).toBe(publicKeyText(made.publicKey));
  });
});

describe('a private key file', () => {
  const made = generateKey('x');
  const text = made.privateKey.reveal();

  it('of PKCS#8 with ed25519 is read, and its public half is the same', () => {
    const read = parsePrivateKey(made.privateKey);
    if (typeof read === 'string') throw new Error(read);
    const pem = read.key.export({ format: 'pem', type: 'pkcs8' }).toString();
    const again = parsePrivateKey(key(pem));
    expect(again).toMatchObject({ publicKey: { blob: made.publicKey.blob, comment: '' } });
  });

  it.each([
    ['encrypted', { cipher: 'aes-256-cbc', passphrase: 'four words' }],
  ] as const)('of PKCS#8 with a passphrase is %s', (expected, encryption) => {
    const pair = generateKeyPairSync('ed25519');
    const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8', ...encryption }).toString();
    expect(parsePrivateKey(key(pem))).toBe(expected);
  });

  it.each([
    ['RSA in PKCS#8', 'pkcs8'],
    ['RSA in PKCS#1', 'pkcs1'],
  ] as const)('of %s is not for Node', (_, type) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ format: 'pem', type }).toString();
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('rsa');
    expect(parsePrivateKey(key(pem))).toBe('unsupported');
    expect(publicKeyInside(key(pem))).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a public key', publicKeyText(made.publicKey)],
    ['another text', 'hello'],
  ])('that is %s is not for Node', (_, content) => {
    expect(parsePrivateKey(key(content))).toBe('unsupported');
  });

  it('with damage is refused, whichever byte it is, and never signs with half a key', () => {
    const blob = dearmor('OPENSSH PRIVATE KEY', text) ?? Buffer.alloc(0);
    // Behind the names of cipher and key derivation, whose change makes it a file of another kind.
    const start = 'openssh-key-v1\0'.length + 8 + 8 + 4 + 4;
    for (let at = start; at < blob.length; at += 1) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const outcome = outcomeOf(armor('OPENSSH PRIVATE KEY', changed));
      // The comment is the one part that nothing vouches for.
      if (outcome !== 'SSH_KEY_INVALID') expect(outcome).toMatch(/^unsupported$|^comment (?!x$)/);
    }
  });

  /** How reading ends: an error's code, a word, or what became of the comment. */
  function outcomeOf(content: string): string {
    try {
      const read = parsePrivateKey(key(content));
      if (typeof read === 'string') return read;
      const same = Buffer.from(read.publicKey.blob).equals(made.publicKey.blob);
      return same ? `comment ${read.publicKey.comment}` : 'another key';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
});
