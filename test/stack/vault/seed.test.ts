import nodeVault from 'node-vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { seedVault, type VaultSeed } from '../../../src/stack/vault/seed.ts';
import { startVault } from '../../../src/stack/vault/start.ts';

const token = 'root-token-of-the-test';
let part: RunningPart;
let seed: VaultSeed;

beforeEach(async () => {
  part = await startVault({ port: 0, rootToken: token, unsealKey: 'key' });
  seed = {
    url: part.endpoints.vault ?? '',
    token,
    mount: 'secret',
    secrets: { 'aurora-staging-api-key': { value: 'one' }, 'aurora/bucket': { id: 'two' } },
    role: { name: 'aurora', readPaths: ['aurora-*', 'aurora/bucket'] },
  };
});
afterEach(async () => {
  await part.close();
});

describe('seeding a vault', () => {
  it('gives a role that reads the secrets and may do no more', async () => {
    const { roleId, secretId } = await seedVault(seed);
    const vault = nodeVault({ endpoint: seed.url });
    await vault.approleLogin({ role_id: roleId, secret_id: secretId });
    expect((await vault.read('secret/data/aurora-staging-api-key')).data.data).toEqual({
      value: 'one',
    });
    expect((await vault.read('secret/data/aurora/bucket')).data.data).toEqual({ id: 'two' });
    await expect(vault.read('secret/data/other')).rejects.toThrow('permission denied');
    await expect(vault.write('secret/data/aurora-x', { data: {} })).rejects.toThrow(
      'permission denied',
    );
  });

  it('may be repeated, and writes only what changed', async () => {
    await seedVault(seed);
    const changed = { ...seed.secrets, 'aurora/bucket': { id: 'three' } };
    await seedVault({ ...seed, secrets: changed });
    const root = nodeVault({ endpoint: seed.url, token });
    const version = async (path: string) =>
      (await root.read(`secret/metadata/${path}`)).data.current_version;
    expect(await version('aurora-staging-api-key')).toBe(1);
    expect(await version('aurora/bucket')).toBe(2);
  });

  it('says what was refused, without token or values', async () => {
    const refused = seedVault({ ...seed, token: 'not-the-root-token' });
    await expect(refused).rejects.toMatchObject({
      code: 'SERVICE_REFUSED',
      where: expect.stringContaining('sys/mounts'),
    });
    await expect(refused).rejects.not.toThrow('not-the-root-token');
  });
});
