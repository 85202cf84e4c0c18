import { request } from 'node:http';
import { connect } from 'node:net';
import nodeVault from 'node-vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startVault } from '../../../src/stack/vault/start.ts';

const rootToken = 'root-token-of-the-test';
const unsealKey = 'unseal-key-of-the-test';
let part: RunningPart;
let now = Date.now();

beforeEach(async () => {
  part = await startVault({ port: 0, rootToken, unsealKey, mount: 'secret' }, { now: () => now });
});
afterEach(async () => {
  await part.close();
});

const root = () => nodeVault({ endpoint: part.endpoints.vault ?? '', token: rootToken });
const statusOf = async (path: string, method = 'GET') =>
  (await fetch(`${part.endpoints.vault}/v1/${path}`, { method })).status;

describe('seal', () => {
  it('closes everything but health, and keeps what was stored', async () => {
    const vault = root();
    await vault.write('secret/data/a', { data: { value: '1' } });
    expect(await vault.health()).toMatchObject({ initialized: true, sealed: false });
    expect(await statusOf('sys/health')).toBe(200);

    await vault.write('sys/seal', {});
    expect(await statusOf('sys/health')).toBe(503);
    expect(await statusOf('sys/health?sealedcode=204')).toBe(204);
    expect(await statusOf('sys/health', 'HEAD')).toBe(503);
    expect(await vault.health()).toMatchObject({ sealed: true });
    expect(await vault.status()).toMatchObject({ sealed: true, t: 1, n: 1 });
    await expect(vault.read('secret/data/a')).rejects.toThrow('Vault is sealed');
    await expect(vault.list('secret/metadata')).rejects.toThrow('Vault is sealed');
    await expect(nodeVault({ endpoint: part.endpoints.vault ?? '' }).mounts()).rejects.toThrow(
      'Vault is sealed',
    );

    await expect(vault.unseal({ key: 'wrong' })).rejects.toThrow('invalid key');
    expect(await vault.unseal({ key: unsealKey })).toMatchObject({ sealed: false });
    expect((await vault.read('secret/data/a')).data.data).toEqual({ value: '1' });
  });

  it('needs a token', async () => {
    expect(await statusOf('sys/seal', 'PUT')).toBe(403);
    expect(await statusOf('sys/health')).toBe(200);
  });
});

describe('time', () => {
  it('ends a token when its time to live is over', async () => {
    const made = await root().tokenCreate({ policies: ['default'], ttl: '60s' });
    const holder = nodeVault({
      endpoint: part.endpoints.vault ?? '',
      token: made.auth.client_token,
    });
    now += 59_000;
    expect((await holder.tokenLookupSelf()).data.ttl).toBe(1);
    await holder.tokenRenewSelf();
    now += 59_000;
    expect((await holder.tokenLookupSelf()).data.ttl).toBe(1);
    now += 1_000;
    await expect(holder.tokenLookupSelf()).rejects.toThrow('permission denied');
  });
});

describe('HTTP', () => {
  /** The whole answer to some bytes. */
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(part.endpoints.vault ?? '').port), '127.0.0.1');
      socket.setTimeout(3_000, () => socket.destroy(new Error('no answer')));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', reject).on('close', () => resolve(text));
      socket.write(bytes);
    });

  it('answers LIST with a whole message', async () => {
    await root().write('secret/data/a', { data: { value: '1' } });
    const text = await raw(
      `LIST /v1/secret/metadata/ HTTP/1.1\r\nHost: x\r\nX-Vault-Token: ${rootToken}\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('"keys":["a"]');
    expect(await raw('LIST /v1/secret/metadata HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 403 /,
    );
  });

  it('answers bytes that are no HTTP, and goes on', async () => {
    expect(await raw('\x16\x03\x01 nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw('LIST nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await statusOf('sys/health')).toBe(200);
  });

  it.each([
    ['{"data":', 400],
    ['[]', 400],
    ['{"data":{"value":"x"}}', 200],
  ])('a body of %s is answered %i', async (body, status) => {
    const answer = await fetch(`${part.endpoints.vault}/v1/secret/data/x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rootToken}` },
      body,
    });
    expect(answer.status).toBe(status);
  });

  it('refuses verbs and paths that are none of its own', async () => {
    expect(await statusOf('', 'GET')).toBe(404);
    expect(await statusOf('secret/data/%E0%A4%A')).toBe(400);
    const patch = await fetch(`${part.endpoints.vault}/v1/secret/data/x`, {
      method: 'PATCH',
      headers: { 'x-vault-token': rootToken },
    });
    expect(patch.status).toBe(405);
  });

  it('survives a client that goes away in the middle of its request', async () => {
    await new Promise<void>((resolve) => {
      const half = request(`${part.endpoints.vault}/v1/secret/data/x`, {
        method: 'POST',
        headers: { 'content-length': '100', 'x-vault-token': rootToken },
      });
      half.on('error', () => undefined).on('close', () => resolve());
      half.write('{"data"', () => half.destroy());
    });
    expect(await statusOf('sys/health')).toBe(200);
  });
});
