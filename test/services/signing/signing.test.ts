import { chmod, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { generateKey } from '../../../src/proof/ssh/private-key.ts';
import { type PublicKey, publicKeyText, sameKey } from '../../../src/proof/ssh/public-key.ts';
import { verifySignature } from '../../../src/proof/ssh/sshsig.ts';
import { openSigner, type Signer } from '../../../src/services/signing/signing.ts';
import { writeKeyPair } from '../../../src/services/signing/write-key.ts';
import { noAgent, noKeygen, startAgent, unlessAgent, unlessKeygen, Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await new Workshop().open();
});
afterEach(() => shop.close());

const signal = new AbortController().signal;
const variables = { PATH: process.env.PATH };

/** The signer that a choice leads to; there must be one. */
async function signer(choice: { path?: string; variables?: Record<string, string> } = {}) {
  const more = { variables: { ...variables, ...choice.variables }, home: shop.home };
  const found = await openSigner({ ...choice, ...more }, signal);
  if (found === null) throw new Error('no key was found');
  return found;
}

async function newKey(name: string): Promise<PublicKey> {
  const made = generateKey(name);
  await writeKeyPair(shop.path(name), made.privateKey, made.publicKey);
  return made.publicKey;
}

/** Whether what it signs is good, and by the key that it says. */
async function signs(one: Signer): Promise<boolean> {
  const text = 'a message\nof two lines, ünd more';
  const verdict = verifySignature(text, await one.sign(text, 'test', signal), 'test');
  return verdict.ok && sameKey(verdict.key, one.key);
}

describe('the key of a person', () => {
  it('is null where there is none and none was named', async () => {
    expect(await openSigner({ variables, home: shop.home }, signal)).toBeNull();
    const empty = { ...variables, AURORA_KEY: '' };
    expect(await openSigner({ variables: empty, home: shop.home }, signal)).toBeNull();
  });

  it('is the one that was named, then AURORA_KEY, then the usual one', async () => {
    const usual = await newKey('.ssh/id_ed25519');
    const other = await newKey('other');
    const named = await newKey('named');
    const fromVariable = { AURORA_KEY: shop.path('other') };
    const found = [
      await signer(),
      await signer({ variables: fromVariable }),
      await signer({ path: shop.path('named'), variables: fromVariable }),
    ];
    expect(found.map((one, at) => sameKey(one.key, [usual, other, named][at] ?? usual))).toEqual([
      true,
      true,
      true,
    ]);
    expect(found.map(({ how }) => how)).toEqual([
      'key file ~/.ssh/id_ed25519',
      'key file ~/other',
      'key file ~/named',
    ]);
    expect(await signs(found[2] ?? (await signer()))).toBe(true);
  });

  it('is the private half beside a named public one', async () => {
    const key = await newKey('named');
    const one = await signer({ path: '~/named.pub' });
    expect([sameKey(one.key, key), await signs(one)]).toEqual([true, true]);
  });

  it('is looked for from the working directory', async () => {
    await newKey('keys/omar');
    const choice = {
      path: 'omar',
      variables,
      home: '/nowhere',
      workingDirectory: shop.path('keys'),
    };
    expect(await openSigner(choice, signal)).toMatchObject({
      how: `key file ${shop.path('keys/omar')}`,
    });
  });

  it.each([
    ['is not there', async () => undefined, /no such key/],
    ['is a directory', async () => void (await newKey('named/inside')), /cannot be read/],
    [
      'can be read by others',
      async () => void (await newKey('named').then(() => chmod(shop.path('named'), 0o640))),
      /other users may read/,
    ],
    [
      'is damaged',
      async () => {
        const { privateKey } = generateKey('');
        const text = privateKey.reveal().replace(/.{4}(\n-----END)/, '$1');
        await shop.write('named', text);
      },
      /damaged/,
    ],
    [
      'tells no public half',
      async () => void (await shop.write('named', '-----BEGIN RSA PRIVATE KEY-----\n')),
      /does not tell its public half/,
    ],
    [
      'is a public key of no type that counts',
      async () => void (await shop.write('named.pub', 'ssh-dss AAAAB3NzaC1kc3M=')),
      /"ssh-dss" are not supported/,
    ],
  ])('is refused by name when it %s', async (_, prepare, message) => {
    await prepare();
    await expect(signer({ path: shop.path('named') })).rejects.toMatchObject({
      code: 'SIGNING_KEY_UNREADABLE',
      message: expect.stringMatching(message),
      where: expect.stringContaining(shop.path('named')),
    });
  });

  it('stays where it is, and a new one is written for its owner alone, never over another', async () => {
    const first = await newKey('deep/down/key');
    const mode = async (name: string) => (await stat(shop.path(name))).mode & 0o777;
    expect([await mode('deep/down/key'), await mode('deep/down')]).toEqual([0o600, 0o700]);
    const again = newKey('deep/down/key');
    await expect(again).rejects.toMatchObject({ code: 'USAGE', message: 'there is a key already' });
    expect(await readFile(shop.path('deep/down/key.pub'), 'utf8')).toBe(
      `${publicKeyText(first)}\n`,
    );
    // A private half alone is somebody's key too: no public one may appear beside it.
    await rm(shop.path('deep/down/key.pub'));
    await expect(newKey('deep/down/key')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(stat(shop.path('deep/down/key.pub'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a key that Node does not sign with', () => {
  it('says what is missing where there is no ssh-keygen', async () => {
    await shop.write('.ssh/id_rsa.pub', publicKeyText(generateKey('').publicKey));
    const one = await signer({ variables: { PATH: join(shop.home, 'empty') } });
    expect(one.how).toBe('ssh-keygen with ~/.ssh/id_rsa');
    await expect(one.sign('x', 'test', signal)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('not installed'),
      remedy: expect.stringContaining('aurora keygen'),
    });
  });

  /** A program in the place of ssh-keygen. */
  async function inPlaceOfKeygen(script: string): Promise<Signer> {
    await shop.write('bin/ssh-keygen', `#!/bin/sh\n${script}\n`, 0o700);
    await shop.write('.ssh/id_rsa.pub', publicKeyText(generateKey('').publicKey));
    return signer({
      variables: { PATH: `${shop.path('bin')}:${process.env.PATH}`, NAME: 'token' },
    });
  }

  it('is signed by argv alone, the message on standard input, no secret in its environment', async () => {
    const log = `{ printf '%s\\n' "$@"; echo --; cat; echo; env; } > ${shop.home}/seen`;
    const one = await inPlaceOfKeygen(`${log}; echo no such key in the agent >&2; exit 255`);
    await expect(one.sign('the message', 'test', signal)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('no such key in the agent'),
    });
    const [argv = '', rest = ''] = (await readFile(shop.path('seen'), 'utf8')).split('\n--\n');
    expect(argv.split('\n')).toEqual([
      '-q',
      '-Y',
      'sign',
      '-n',
      'test',
      '-f',
      shop.path('.ssh/id_rsa.pub'),
    ]);
    expect(rest.split('\n')[0]).toBe('the message');
    expect(rest).not.toContain('token');
    // What this process has in its own environment stays there.
    expect(process.env.VITEST).toBeDefined();
    expect(rest).not.toContain('VITEST');
  });

  it('is refused when another key has signed', async () => {
    const key = await newKey('another');
    const made = await signer({ path: shop.path('another') });
    await shop.write('signed', await made.sign('x', 'test', signal));
    const one = await inPlaceOfKeygen(`cat >/dev/null; cat ${shop.path('signed')}`);
    expect(sameKey(one.key, key)).toBe(false);
    await expect(one.sign('x', 'test', signal)).rejects.toThrow(/with another key/);
  });

  it('is left at once when the signal says so, and the program ends', async () => {
    const fifo = shop.path('begun');
    const one = await inPlaceOfKeygen(`echo $$ > ${fifo}; exec sleep 600`);
    const controller = new AbortController();
    const signing = one.sign('x', 'test', controller.signal);
    signing.catch(() => undefined);
    const pid = await expectFile(fifo);
    controller.abort(new Error('interrupted'));
    await expect(signing).rejects.toThrow('interrupted');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  async function expectFile(path: string): Promise<number> {
    return vi.waitFor(
      async () => {
        const pid = Number(await readFile(path, 'utf8'));
        expect(pid).toBeGreaterThan(0);
        return pid;
      },
      { timeout: 5_000, interval: 20 },
    );
  }

  it.skipIf(noKeygen)(`is signed by the real one${unlessKeygen}`, async () => {
    for (const [name, type] of [
      ['id_rsa', ['rsa', '-b', '2048']],
      ['id_ecdsa', ['ecdsa']],
    ] as const) {
      await shop.key(`.ssh/${name}`, type);
      const one = await signer();
      expect([one.how, await signs(one)]).toEqual([`ssh-keygen with ~/.ssh/${name}`, true]);
    }
  });

  it.skipIf(noKeygen)(`wants its passphrase, and says so without one${unlessKeygen}`, async () => {
    await shop.key('.ssh/id_ed25519', ['ed25519'], 'four words');
    await rm(shop.path('.ssh/id_ed25519.pub'));
    // Asked by a program, since a test has no terminal.
    const ask = (answer: string) => shop.write('ask', `#!/bin/sh\necho '${answer}'\n`, 0o700);
    const asking = { SSH_ASKPASS: await ask('four words'), SSH_ASKPASS_REQUIRE: 'force' };
    const one = await signer({ variables: asking });
    expect([one.how, await signs(one)]).toEqual(['ssh-keygen with ~/.ssh/id_ed25519', true]);
    await ask('three words');
    await expect(signs(one)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('incorrect passphrase'),
    });
  });

  it.skipIf(noAgent)(`may be in an agent, its private half in no file${unlessAgent}`, async () => {
    await shop.key('.ssh/id_ed25519', ['ed25519']);
    const socket = shop.path('agent');
    const agent = await startAgent(socket);
    try {
      await agent.add(shop.path('.ssh/id_ed25519'));
      await rename(shop.path('.ssh/id_ed25519'), shop.path('away'));
      const one = await signer({ variables: { SSH_AUTH_SOCK: socket } });
      expect([one.how, await signs(one)]).toEqual(['ssh-keygen with ~/.ssh/id_ed25519', true]);
    } finally {
      await agent.end();
    }
    const without = await signer({ variables: { SSH_AUTH_SOCK: socket } });
    await expect(signs(without)).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
  });
});
