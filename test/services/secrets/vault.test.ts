import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import nodeVault, { type client as Client } from 'node-vault';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { SecretsService } from '../../../src/services/secrets/secrets.ts';
import { openVault } from '../../../src/services/secrets/vault.ts';
import type { VaultAuth } from '../../../src/services/secrets/vault-login.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { seedVault } from '../../../src/stack/vault/seed.ts';
import { startVault } from '../../../src/stack/vault/start.ts';

const rootToken = 'root-token-of-the-test';
const apiKey = 'the-api-key-0815';
const never = new AbortController().signal;
const reference = { path: 'aurora-prod-api-key', field: 'value' };

let part: RunningPart;
let url: string;
let root: Client;
let auth: { roleId: Secret; secretId: Secret };
let now = Date.now();
const servers: Server[] = [];

beforeEach(async () => {
  part = await startVault({ port: 0, rootToken, unsealKey: 'unseal' }, { now: () => now });
  url = part.endpoints.vault ?? '';
  root = nodeVault({ endpoint: url, token: rootToken });
  const role = await seedVault({
    url,
    token: rootToken,
    mount: 'secret',
    secrets: {
      'aurora-prod-api-key': { value: apiKey },
      'aurora/bucket': { id: 'AKIA-bucket', empty: '' },
      hidden: { value: 'not-for-aurora' },
    },
    role: { name: 'aurora', readPaths: ['aurora*', 'absent/*'] },
  });
  auth = {
    roleId: new Secret(role.roleId, 'env:ROLE_ID'),
    secretId: new Secret(role.secretId, 'env:SECRET_ID'),
  };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await part.close();
});

function open(how: VaultAuth = auth, address = url, mount = 'secret'): SecretsService {
  return openVault({ url: address, mount, auth: how });
}
const tokenAuth = (token: string) => ({ token: new Secret(token, 'env:VAULT_TOKEN') });

/** A server that answers every request alike; null: never. Keeps what it was sent. */
async function answering(status: number | null, body: string) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    if (status === null) return;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  server.on('connect', (request, socket) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The error of a promise, with the proof that it tells no secret. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  const shown = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`;
  for (const secret of [rootToken, apiKey, auth.roleId.reveal(), auth.secretId.reveal(), 'hvs.']) {
    expect(shown).not.toContain(secret);
  }
  return error;
}

describe('reading a secret', () => {
  it('gives the field, wrapped, and says where it came from', async () => {
    const secret = await open().read(reference, never);
    expect(secret.reveal()).toBe(apiKey);
    expect(secret.source).toBe('vault:aurora-prod-api-key#value');
    expect(`${secret}`).not.toContain(apiKey);
    const bucket = await open().read({ path: 'aurora/bucket', field: 'id' }, never);
    expect(bucket.reveal()).toBe('AKIA-bucket');
  });

  it('works with a token too', async () => {
    expect((await open(tokenAuth(rootToken)).read(reference, never)).reveal()).toBe(apiKey);
  });

  it('logs in once for many readers at the same time', async () => {
    const { url: trap, seen } = await answering(400, '{"errors":["invalid role or secret ID"]}');
    const service = open(auth, trap);
    await Promise.allSettled([1, 2, 3].map(() => service.read(reference, never)));
    expect(seen.map((request) => request.url)).toEqual(['/v1/auth/approle/login']);
  });

  it('logs in again once when the token has expired', async () => {
    const service = open();
    await service.read(reference, never);
    now += 2 * 3_600_000;
    expect((await service.read(reference, never)).reveal()).toBe(apiKey);
  });

  it.each([
    [{ path: 'aurora-prod-api-key', field: 'other' }, 'has no field "other"'],
    [{ path: 'aurora-prod-api-key', field: 'toString' }, 'has no field "toString"'],
    [{ path: 'aurora/bucket', field: 'empty' }, 'is empty'],
    [{ path: 'absent/secret', field: 'value' }, 'there is no secret absent/secret'],
    [{ path: '../sys/mounts', field: 'value' }, 'is not a path of a secret'],
    [{ path: '', field: 'value' }, 'is not a path of a secret'],
  ])('SECRET_MISSING for %j', async (missing, message) => {
    expect(await failure(open().read(missing, never))).toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining(message),
    });
  });

  it('tells deleted from destroyed', async () => {
    await root.delete('secret/data/aurora-prod-api-key');
    expect(await failure(open().read(reference, never))).toMatchObject({
      code: 'SECRET_MISSING',
      message: 'the secret aurora-prod-api-key was deleted',
      remedy: expect.stringContaining('undelete'),
    });
    await root.write('secret/destroy/aurora-prod-api-key', { versions: [1] });
    expect(await failure(open().read(reference, never))).toMatchObject({
      message: 'the secret aurora-prod-api-key was destroyed',
    });
  });

  it('a value that is not text is none', async () => {
    await root.write('secret/data/aurora-number', { data: { value: 42 } });
    const numbered = { path: 'aurora-number', field: 'value' };
    expect(await failure(open().read(numbered, never))).toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('is not text'),
    });
  });
});

describe('a vault that refuses', () => {
  it('says which permission is missing', async () => {
    expect(await failure(open().read({ path: 'hidden', field: 'value' }, never))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: 'not allowed to read hidden',
      remedy: expect.stringContaining('"secret/data/hidden"'),
    });
  });

  it('with a bad token', async () => {
    expect(await failure(open(tokenAuth('a-bad-token')).read(reference, never))).toMatchObject({
      code: 'SERVICE_REFUSED',
    });
  });

  it('with a bad secret id, named by its source', async () => {
    const wrong = { roleId: auth.roleId, secretId: new Secret('wrong-secret-id', 'env:SECRET_ID') };
    expect(await failure(open(wrong).read(reference, never))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: 'the AppRole login was refused',
      remedy: expect.stringContaining('env:SECRET_ID'),
    });
  });

  it('when it is sealed, before and after the login', async () => {
    const service = open();
    await service.read(reference, never);
    await root.write('sys/seal', {});
    for (const sealed of [service, open(), open(tokenAuth(rootToken))]) {
      expect(await failure(sealed.read(reference, never))).toMatchObject({
        code: 'SERVICE_REFUSED',
        message: 'Vault is sealed',
        remedy: expect.stringContaining('unseal'),
      });
    }
    await root.unseal({ key: 'unseal' });
    expect((await service.read(reference, never)).reveal()).toBe(apiKey);
  });

  it('when the mount is none', async () => {
    const service = open(tokenAuth(rootToken), url, 'nowhere');
    expect(await failure(service.read(reference, never))).toMatchObject({
      code: 'SECRET_MISSING',
      message: 'there is no mount "nowhere"',
    });
  });
});

describe('a vault that fails', () => {
  it('is told at once when nobody listens', async () => {
    await part.close();
    for (const how of [auth, tokenAuth(rootToken)]) {
      expect(await failure(open(how).read(reference, never))).toMatchObject({
        code: 'SERVICE_UNREACHABLE',
        where: expect.stringContaining(url),
      });
    }
  });

  it('ends with the reason of the signal when it hangs, during login and read', async () => {
    const { url: silent, seen } = await answering(null, '');
    for (const how of [auth, tokenAuth(rootToken)]) {
      const stop = new AbortController();
      const before = seen.length;
      const work = failure(open(how, silent).read(reference, stop.signal));
      await vi.waitFor(() => expect(seen.length).toBe(before + 1));
      stop.abort(new Error('interrupted by a person'));
      expect(await work).toMatchObject({ message: 'interrupted by a person' });
    }
  });

  it('gives up after its time when it hangs', async () => {
    const settings = { mount: 'secret', auth: tokenAuth(rootToken), timeoutMs: 200 };
    const { url: silent } = await answering(null, '');
    expect(
      await failure(openVault({ ...settings, url: silent }).read(reference, never)),
    ).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('200 ms'),
    });
  });

  it.each([
    [200, 'hello', 'SERVICE_ANSWER_INVALID'],
    [200, '{"data":null}', 'SERVICE_ANSWER_INVALID'],
    [200, '{"data":{"value":"a KV v1 secret"}}', 'SERVICE_ANSWER_INVALID'],
    [404, '<html>', 'SECRET_MISSING'],
    [307, '', 'SERVICE_REFUSED'],
    [500, '{"errors":["internal error"]}', 'SERVICE_REFUSED'],
    [502, 'bad gateway', 'SERVICE_REFUSED'],
  ])('status %i with %s is %s', async (status, body, code) => {
    const { url: odd } = await answering(status, body);
    expect(await failure(open(tokenAuth(rootToken), odd).read(reference, never))).toMatchObject({
      code,
    });
  });
});

describe('surroundings', () => {
  it('VAULT_* and proxies of the environment are not used', async () => {
    const trap = await answering(200, '{}');
    for (const name of [
      'http_proxy',
      'HTTP_PROXY',
      'https_proxy',
      'HTTPS_PROXY',
      'all_proxy',
      'ALL_PROXY',
      'VAULT_ADDR',
    ]) {
      vi.stubEnv(name, trap.url);
    }
    vi.stubEnv('no_proxy', '');
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('VAULT_TOKEN', 'ambient-token');
    vi.stubEnv('VAULT_NAMESPACE', 'ambient-namespace');
    vi.stubEnv('VAULT_PREFIX', '/ambient-prefix');

    const target = await answering(
      200,
      '{"auth":{"client_token":"a-token"},"data":{"data":{"value":"x-value"}}}',
    );
    await open(auth, target.url).read(reference, never);
    await open(auth, target.url).health(never);
    expect(trap.seen).toEqual([]);
    expect(target.seen.map((request) => request.url)).toEqual([
      '/v1/auth/approle/login',
      '/v1/secret/data/aurora-prod-api-key',
      '/v1/sys/health',
    ]);
    expect(target.seen.map((request) => request.headers['x-vault-token'])).toEqual([
      undefined,
      'a-token',
      undefined,
    ]);
    expect(inspect(target.seen)).not.toContain('ambient');
    // The trap works: the library on its own would have walked into it.
    await nodeVault({ endpoint: target.url })
      .read('x')
      .catch(() => undefined);
    expect(trap.seen.length).toBeGreaterThan(0);
  });
});

describe('health of the vault', () => {
  it('names version and validity of the token', async () => {
    expect(await open().health(never)).toEqual({
      ok: true,
      detail: 'Vault 1.18.0+aurora, unsealed, token valid for 1 h',
    });
    expect(await open(tokenAuth(rootToken)).health(never)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('does not expire'),
    });
  });

  it('says that it is sealed', async () => {
    await root.write('sys/seal', {});
    expect(await open().health(never)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('sealed'),
      remedy: expect.stringContaining('unseal'),
    });
  });

  it.each([
    [
      429,
      '{"initialized":true,"sealed":false,"standby":true,"version":"1.15.2"}',
      'standby',
      'active node',
    ],
    [
      501,
      '{"initialized":false,"sealed":true,"standby":true,"version":"1.15.2"}',
      'not initialised',
      'init',
    ],
    [200, 'welcome', 'no Vault', 'services.secrets.url'],
  ])('status %i, %s', async (status, body, detail, remedy) => {
    const { url: odd } = await answering(status, body);
    expect(await open(auth, odd).health(never)).toMatchObject({
      ok: false,
      detail: expect.stringContaining(detail),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('says that the token is bad, and never throws', async () => {
    expect(await open(tokenAuth('a-bad-token')).health(never)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('token is refused'),
      remedy: expect.stringContaining('services.secrets.auth'),
    });
    await part.close();
    expect(await open().health(never)).toMatchObject({ ok: false });
  });
});
