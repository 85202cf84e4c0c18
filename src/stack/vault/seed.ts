import { systemClock } from '../../base/clock.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';

/** What a vault is filled with before a rehearsal. */
export interface VaultSeed {
  readonly url: string;
  /** One that may mount, write policies and secrets: the root token of the stack. */
  readonly token: string;
  readonly mount: string;
  /** Path below the mount -> field -> value. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The AppRole of aurora, and the paths (a `*` may end one) that it may read. */
  readonly role: { readonly name: string; readonly readPaths: readonly string[] };
}

/** What the holder of the role logs in with. Both are secrets. */
export interface RoleCredentials {
  readonly roleId: string;
  readonly secretId: string;
}

const requestMs = 5_000;

/**
 * Fills a vault (ours or a real one) over its HTTP API: the mount, the secrets, a policy that reads
 * them, and the role with it. May be repeated: what is already so is left alone, except that each
 * call issues one more secret id. Errors: SERVICE_UNREACHABLE, SERVICE_REFUSED, without any value.
 */
export async function seedVault(seed: VaultSeed): Promise<RoleCredentials> {
  const { mount, role } = seed;
  const api = client(seed.url, seed.token);
  await ensureEntry(api, 'sys/mounts', mount, { type: 'kv', options: { version: '2' } });
  for (const [path, fields] of Object.entries(seed.secrets)) {
    await ensureSecret(api, `${mount}/data/${path}`, fields);
  }
  const rules = role.readPaths.map(
    (path) => `path "${mount}/data/${path}" { capabilities = ["read"] }`,
  );
  await api('PUT', `sys/policies/acl/${role.name}`, { policy: rules.join('\n') });
  await ensureEntry(api, 'sys/auth', 'approle', { type: 'approle' });
  const rolePath = `auth/approle/role/${role.name}`;
  await api('POST', rolePath, { token_policies: [role.name], token_ttl: '1h' });
  const { role_id: roleId } = dataOf(await api('GET', `${rolePath}/role-id`));
  const { secret_id: secretId } = dataOf(await api('POST', `${rolePath}/secret-id`, {}));
  return { roleId: String(roleId), secretId: String(secretId) };
}

type Method = 'GET' | 'POST' | 'PUT';

/** One call of the API; the answer of a 404 is `{}`. */
type Api = (method: Method, path: string, body?: object) => Promise<Record<string, unknown>>;

function client(url: string, token: string): Api {
  const send = async (method: Method, path: string, body?: object) => {
    const where = `${method} ${url}/v1/${path}`;
    const answer = await fetch(`${url}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestMs),
    }).catch((error: unknown) => {
      throw new AuroraError('SERVICE_UNREACHABLE', `no answer: ${messageOf(error)}`, { where });
    });
    return { where, status: answer.status, ok: answer.ok, text: await answer.text() };
  };
  return async (method, path, body) => {
    let answer = await send(method, path, body);
    const giveUpAt = Date.now() + requestMs;
    // A real server prepares a new mount in the background, and says so until it is done.
    while (answer.text.includes('Upgrading from non-versioned') && Date.now() < giveUpAt) {
      await systemClock.sleep(50);
      answer = await send(method, path, body);
    }
    if (!answer.ok && !(method === 'GET' && answer.status === 404)) {
      const message = `the vault answered ${answer.status}`;
      throw new AuroraError('SERVICE_REFUSED', message, { where: answer.where });
    }
    return answer.ok && answer.text !== '' ? JSON.parse(answer.text) : {};
  };
}

/** Mounts an engine or a login method unless it is there. */
async function ensureEntry(api: Api, area: string, name: string, body: object): Promise<void> {
  const present = await api('GET', area);
  if (!(`${name}/` in present)) await api('POST', `${area}/${name}`, body);
}

/** Writes a secret unless it already holds just this. */
async function ensureSecret(
  api: Api,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const present = dataOf(await api('GET', path)).data ?? {};
  if (!sameFields(present, fields)) await api('POST', path, { data: fields });
}

function sameFields(a: object, b: object): boolean {
  const sorted = (fields: object) => JSON.stringify(Object.entries(fields).sort());
  return sorted(a) === sorted(b);
}

function dataOf(answer: Record<string, unknown>): Record<string, unknown> {
  const { data } = answer;
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
