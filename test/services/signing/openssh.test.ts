import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSigner, parseAllowedSigners } from '../../../src/proof/ssh/allowed-signers.ts';
import { generateKey, parsePrivateKey } from '../../../src/proof/ssh/private-key.ts';
import { fingerprint, type PublicKey, publicKeyText } from '../../../src/proof/ssh/public-key.ts';
import { parseRevokedKeys } from '../../../src/proof/ssh/revoked-keys.ts';
import { signMessage, verifySignature } from '../../../src/proof/ssh/sshsig.ts';
import { forge, namespace, SoftwareSecurityKey, toSign } from '../../proof/ssh/forge.ts';
import { noKeygen, unlessKeygen, Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await new Workshop().open();
});
afterEach(() => shop.close());

const message = '{"release":"r1","step":5,"who":"Zoë ✓"}';
const id = 'omar.v@aurora.example';

/** What ssh-keygen says of a signature, with the approvers file as aurora reads it. */
async function theirs(
  key: PublicKey,
  armored: string,
  asked: { options?: string; as?: string; text?: string; for?: string; more?: string[] } = {},
): Promise<number> {
  const line = `${id},role:product-manager ${asked.options ?? ''} ${publicKeyText(key)} Omar V.\n`;
  const file = await shop.write('approvers', line);
  const sig = await shop.write('word.sig', armored);
  const purpose = asked.for ?? namespace;
  const argv = ['-Y', 'verify', '-f', file, '-I', asked.as ?? id, '-n', purpose, '-s', sig];
  const { code } = await shop.keygen([...argv, ...(asked.more ?? [])], asked.text ?? message);
  return code;
}

function ours(key: PublicKey, options: string, at = Date.now()): boolean {
  const line = `${id},role:product-manager ${options} ${publicKeyText(key)} Omar V.\n`;
  return findSigner(parseAllowedSigners(line, 'approvers'), key, { namespace, at }).ok;
}

describe.skipIf(noKeygen)(`OpenSSH and aurora${unlessKeygen}`, () => {
  it('our signature is good for theirs: by id, by role, for its message and purpose only', async () => {
    const made = generateKey('Omar V.');
    const key = parsePrivateKey(made.privateKey);
    if (typeof key === 'string') throw new Error(key);
    const armored = signMessage(message, key, namespace);
    expect(await theirs(made.publicKey, armored)).toBe(0);
    expect(await theirs(made.publicKey, armored, { as: 'role:product-manager' })).toBe(0);
    expect(await theirs(made.publicKey, armored, { as: 'role:devops' })).not.toBe(0);
    expect(await theirs(made.publicKey, armored, { text: `${message} ` })).not.toBe(0);
    expect(await theirs(made.publicKey, armored, { for: 'file' })).not.toBe(0);
    const sig = await shop.write('word.sig', armored);
    const check = ['-Y', 'check-novalidate', '-n', namespace, '-s', sig];
    expect(await shop.keygen(check, message)).toMatchObject({ code: 0 });
  });

  it('our key file is theirs: the same public half, the same signature', async () => {
    const made = generateKey('Omar V.');
    const file = await shop.write('key', made.privateKey.reveal());
    expect((await shop.keygen(['-y', '-f', file])).text.trim()).toBe(publicKeyText(made.publicKey));
    expect((await shop.keygen(['-l', '-f', file])).text).toContain(fingerprint(made.publicKey));
    const signed = await shop.keygen(['-q', '-Y', 'sign', '-n', namespace, '-f', file], message);
    const key = parsePrivateKey(made.privateKey);
    // Ed25519 leaves nothing to chance: the same key and message give the same letters.
    expect(typeof key === 'string' ? key : signMessage(message, key, namespace)).toBe(signed.text);
    // It may get a passphrase from them later, and keeps its public half.
    const added = await shop.keygen(['-q', '-p', '-P', '', '-N', 'four words', '-f', file]);
    expect(added.code).toBe(0);
  });

  it.each([
    [['ed25519']],
    [['rsa', '-b', '2048']],
    [['ecdsa', '-b', '256']],
    [['ecdsa', '-b', '384']],
    [['ecdsa', '-b', '521']],
  ])('their signature with %j is good for ours, with both hashes', async (type) => {
    const line = await shop.key('key', type);
    for (const hash of ['sha256', 'sha512']) {
      const options = ['-n', namespace, '-O', `hashalg=${hash}`, '-f', shop.path('key')];
      const { text } = await shop.keygen(['-q', '-Y', 'sign', ...options], message);
      const verdict = verifySignature(message, text, namespace);
      if (!verdict.ok) throw new Error(verdict.detail);
      expect(line.startsWith(publicKeyText(verdict.key))).toBe(true);
      expect(verifySignature(`${message}.`, text, namespace)).toMatchObject({ why: 'signature' });
    }
  });

  it.each([
    ['ed25519', generateKeyPairSync('ed25519').privateKey],
    ['ecdsa', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ])('a touched security key of %s is good for both', async (_, privateKey) => {
    const device = new SoftwareSecurityKey(privateKey);
    const armored = forge({ publicBlob: device.blob, signature: device.sign(toSign(message), 1) });
    const verdict = verifySignature(message, armored, namespace);
    if (!verdict.ok) throw new Error(verdict.detail);
    expect(await theirs(verdict.key, armored)).toBe(0);
  });

  it.each([
    ['', true],
    ['namespaces="aurora-approval"', true],
    ['namespaces="git,aurora-approval"', true],
    ['namespaces="git"', false],
    ['valid-after="20200101Z"', true],
    ['valid-after="20990101"', false],
    ['valid-before="202001010000Z"', false],
    ['valid-before="20990101120000",valid-after="20200101"', true],
  ])('both say the same of a key with the options %j', async (options, expected) => {
    const made = generateKey('');
    const key = parsePrivateKey(made.privateKey);
    if (typeof key === 'string') throw new Error(key);
    const code = await theirs(made.publicKey, signMessage(message, key, namespace), { options });
    expect([ours(made.publicKey, options), code === 0]).toEqual([expected, expected]);
  });

  it.each([
    '20260301',
    '202603010130',
    '20260301Z',
    '20261101013000Z',
  ])('both read the time %s as the same second', async (time) => {
    const made = generateKey('');
    const key = parsePrivateKey(made.privateKey);
    if (typeof key === 'string') throw new Error(key);
    const armored = signMessage(message, key, namespace);
    const options = `valid-after="${time}"`;
    const [signer] = parseAllowedSigners(`a ${options} ${publicKeyText(made.publicKey)}`, 'x');
    const second = (shift: number) => {
      const when = new Date((signer?.validAfter ?? 0) + shift * 1_000).toISOString();
      return `${when.replace(/\D/g, '').slice(0, 14)}Z`;
    };
    const code = (shift: number) =>
      theirs(made.publicKey, armored, { options, more: ['-O', `verify-time=${second(shift)}`] });
    expect([(await code(-1)) === 0, (await code(0)) === 0]).toEqual([false, true]);
  });

  it('both know a revoked key by its line', async () => {
    const made = generateKey('');
    const key = parsePrivateKey(made.privateKey);
    if (typeof key === 'string') throw new Error(key);
    const armored = signMessage(message, key, namespace);
    const text = `# lost\n${publicKeyText(made.publicKey)} laptop\n`;
    const file = await shop.write('approvers.revoked', text);
    expect(parseRevokedKeys(text)).toMatchObject([{ fingerprint: fingerprint(made.publicKey) }]);
    expect(await theirs(made.publicKey, armored, { more: ['-r', file] })).not.toBe(0);
  });
});
