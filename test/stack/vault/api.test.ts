import { randomBytes } from 'node:crypto';
import nodeVault, { type client as Client } from 'node-vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startVault } from '../../../src/stack/vault/start.ts';

// The same rules hold for a real server: name one, with a token that may do everything.
const real = process.env.AURORA_TEST_VAULT_ADDR;
const rootToken = process.env.AURORA_TEST_VAULT_TOKEN ?? 'root-token-of-the-test';

const mount = `aurora-test-${randomBytes(4).toString('hex')}`;
const role = `${mount}-role`;

let part: RunningPart | undefined;
let endpoint: string;
let root: Client;

/** node-vault just as it comes. */
function vault(token: string): Client {
  return nodeVault({ endpoint, token });
}

/** Status and body of a refused call. */
async function refused(call: Promise<unknown>): Promise<{ statusCode: number; body: unknown }> {
  const error = await call.then(
    () => undefined,
    (thrown: { response?: { statusCode: number; body: unknown } }) => thrown,
  );
  if (error?.response === undefined) throw new Error('was not refused by the server');
  return error.response;
}

const path = (name: string, area = 'data') => `${mount}/${area}/${name}`;

beforeAll(async () => {
  if (real === undefined) part = await startVault({ port: 0, rootToken, unsealKey: 'key' });
  endpoint = real ?? part?.endpoints.vault ?? '';
  root = vault(rootToken);
  await root.mount({ mount_point: mount, type: 'kv', options: { version: '2' } });
  const methods = await root.auths();
  if (!('approle/' in methods.data))
    await root.enableAuth({ mount_point: 'approle', type: 'approle' });
});

afterAll(async () => {
  await root.unmount({ mount_point: mount });
  await root.delete(`auth/approle/role/${role}`);
  await root.delete(`sys/policies/acl/${role}`);
  await part?.close();
});

describe('KV v2', () => {
  it('gives back what was written, with its version', async () => {
    const written = await root.write(path('a/b'), { data: { value: 'v1', other: 2 } });
    expect(written.data).toMatchObject({ version: 1, destroyed: false, deletion_time: '' });
    const read = await root.read(path('a/b'));
    expect(read.data).toMatchObject({
      data: { value: 'v1', other: 2 },
      metadata: { version: 1, destroyed: false },
    });
    expect(Date.parse(read.data.metadata.created_time)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('keeps ten versions', async () => {
    for (let n = 1; n <= 12; n += 1) await root.write(path('ten'), { data: { n } });
    expect((await root.read(`${path('ten')}?version=3`)).data.data).toEqual({ n: 3 });
    expect(await refused(root.read(`${path('ten')}?version=2`))).toMatchObject({ statusCode: 404 });
    const metadata = (await root.read(path('ten', 'metadata'))).data;
    expect(metadata).toMatchObject({ current_version: 12, oldest_version: 3 });
    expect(Object.keys(metadata.versions)).toHaveLength(10);
  });

  it('writes with check-and-set only over the version that was expected', async () => {
    const mismatch = 'check-and-set parameter did not match the current version';
    await root.write(path('cas'), { data: { n: 1 }, options: { cas: 0 } });
    const again = root.write(path('cas'), { data: { n: 2 }, options: { cas: 0 } });
    expect(await refused(again)).toEqual({ statusCode: 400, body: { errors: [mismatch] } });
    await root.write(path('cas'), { data: { n: 2 }, options: { cas: 1 } });
    await root.write(path('cas', 'metadata'), { cas_required: true });
    expect(await refused(root.write(path('cas'), { data: { n: 3 } }))).toMatchObject({
      statusCode: 400,
      body: { errors: ['check-and-set parameter required for this call'] },
    });
  });

  it('tells a deleted version from one that never was', async () => {
    await root.write(path('gone'), { data: { n: 1 } });
    await root.delete(path('gone'));
    const answer = await refused(root.read(path('gone')));
    expect(answer).toMatchObject({
      statusCode: 404,
      body: { data: { data: null, metadata: { version: 1, destroyed: false } } },
    });
    expect(await refused(root.read(path('never')))).toEqual({
      statusCode: 404,
      body: { errors: [] },
    });
    await root.write(path('gone', 'undelete'), { versions: [1] });
    expect((await root.read(path('gone'))).data.data).toEqual({ n: 1 });
  });

  it('never gives back what was destroyed', async () => {
    await root.write(path('destroyed'), { data: { n: 1 } });
    await root.write(path('destroyed', 'destroy'), { versions: [1] });
    await root.write(path('destroyed', 'undelete'), { versions: [1] });
    expect(await refused(root.read(path('destroyed')))).toMatchObject({
      statusCode: 404,
      body: { data: { data: null, metadata: { destroyed: true } } },
    });
    await root.delete(path('destroyed', 'metadata'));
    expect(await refused(root.read(path('destroyed')))).toMatchObject({ body: { errors: [] } });
  });

  it('lists names and folders, by verb and by query', async () => {
    await root.write(path('folder/one'), { data: { n: 1 } });
    await root.write(path('folder/two/three'), { data: { n: 1 } });
    const expected = { keys: ['one', 'two/'] };
    expect((await root.list(path('folder', 'metadata'))).data).toEqual(expected);
    const byQuery = nodeVault({ endpoint, token: rootToken, noCustomHTTPVerbs: true });
    expect((await byQuery.list(path('folder', 'metadata'))).data).toEqual(expected);
    expect(await refused(root.list(path('empty', 'metadata')))).toEqual({
      statusCode: 404,
      body: { errors: [] },
    });
  });

  it('refuses a write without data', async () => {
    expect(await refused(root.write(path('x'), { value: 'not wrapped' }))).toMatchObject({
      statusCode: 400,
    });
  });
});

describe('permissions', () => {
  const reader = `${mount}-reader`;

  beforeAll(async () => {
    await root.addPolicy({
      name: reader,
      rules: `
        # reads one folder, all but one secret in it
        path "${mount}/data/team/*" { capabilities = ["read", "update"] }
        path "${mount}/data/team/private" {
          capabilities = ["deny"]
        }
        path "${mount}/data/+/shared" { capabilities = ["create"] }
        path "${mount}/metadata/team/*" { capabilities = ["list"] }
      `,
    });
    await root.write(path('team/open'), { data: { n: 1 } });
    await root.write(path('team/private'), { data: { n: 1 } });
  });
  afterAll(async () => {
    await root.removePolicy({ name: reader });
  });

  async function holder(): Promise<Client> {
    const made = await root.write('auth/token/create', { policies: [reader], ttl: '5m' });
    return vault(made.auth.client_token);
  }

  it('allow what the policy names and nothing else', async () => {
    const user = await holder();
    expect((await user.read(path('team/open'))).data.data).toEqual({ n: 1 });
    await user.write(path('team/open'), { data: { n: 2 } });
    expect((await user.list(path('team', 'metadata'))).data.keys).toContain('open');
    for (const call of [
      user.read(path('team/private')),
      user.read(path('other')),
      user.read('no-such-mount/data/x'),
      user.delete(path('team/open')),
      user.write(path('team/new'), { data: { n: 1 } }),
      user.list(path('', 'metadata')),
      user.read('sys/mounts'),
      user.write('sys/seal', {}),
    ]) {
      expect(await refused(call)).toMatchObject({
        statusCode: 403,
        body: { errors: [expect.stringContaining('permission denied')] },
      });
    }
  });

  it('tell create from update', async () => {
    const user = await holder();
    await user.write(path('elsewhere/shared'), { data: { n: 1 } });
    expect(await refused(user.write(path('elsewhere/shared'), { data: { n: 2 } }))).toMatchObject({
      statusCode: 403,
    });
  });

  it('of a token cannot be passed on beyond its own', async () => {
    const user = await holder();
    expect(await refused(user.write('auth/token/create', { policies: ['root'] }))).toMatchObject({
      statusCode: 403,
    });
  });

  it('come before the question whether there is such a mount', async () => {
    expect(await refused(root.read('no-such-mount/data/x'))).toMatchObject({
      statusCode: 404,
      body: { errors: [expect.stringContaining('no handler for route')] },
    });
    expect(await refused(vault('no-such-token').read('no-such-mount/data/x'))).toMatchObject({
      statusCode: 403,
    });
  });

  it('of a policy that cannot be read are none', async () => {
    const rules = 'path "x" { capabilities = ["fly"] }';
    expect(await refused(root.addPolicy({ name: reader, rules }))).toMatchObject({
      statusCode: 400,
    });
  });
});

describe('tokens', () => {
  it('know their policies and time to live, and end when revoked', async () => {
    const made = await root.write('auth/token/create', { policies: ['default'], ttl: '1h' });
    const holder = vault(made.auth.client_token);
    const self = (await holder.tokenLookupSelf()).data;
    expect(self).toMatchObject({ policies: ['default'], path: 'auth/token/create' });
    expect(self.ttl).toBeGreaterThan(3_500);
    expect(self.ttl).toBeLessThanOrEqual(3_600);
    await holder.write('auth/token/revoke-self', {});
    expect(await refused(holder.tokenLookupSelf())).toMatchObject({ statusCode: 403 });
  });

  it('that are unknown may do nothing', async () => {
    expect(await refused(vault('wrong').tokenLookupSelf())).toMatchObject({ statusCode: 403 });
  });
});

describe('AppRole', () => {
  it('gives a token with the policies of the role for the right pair only', async () => {
    await root.addPolicy({
      name: role,
      rules: `path "${mount}/data/app" { capabilities = ["read"] }`,
    });
    await root.write(path('app'), { data: { value: 'for the app' } });
    await root.write(`auth/approle/role/${role}`, { token_policies: role, token_ttl: '10m' });
    const { role_id } = (await root.read(`auth/approle/role/${role}/role-id`)).data;
    const { secret_id } = (await root.write(`auth/approle/role/${role}/secret-id`, {})).data;

    const app = vault('');
    const { auth } = await app.approleLogin({ role_id, secret_id });
    expect(auth).toMatchObject({
      token_policies: [role, 'default'].sort(),
      lease_duration: 600,
      metadata: { role_name: role },
    });
    expect((await app.read(path('app'))).data.data).toEqual({ value: 'for the app' });

    for (const pair of [
      { role_id, secret_id: 'wrong' },
      { role_id: 'wrong', secret_id },
      { role_id, secret_id: '' },
    ]) {
      expect(await refused(vault('').approleLogin(pair))).toMatchObject({ statusCode: 400 });
    }
  });

  it('lists its roles', async () => {
    expect((await root.list('auth/approle/role')).data.keys).toContain(role);
  });
});
