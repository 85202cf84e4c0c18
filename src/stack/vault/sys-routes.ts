import {
  noHandler,
  notFound,
  textField,
  unsupported,
  type VaultAnswer,
  VaultFailure,
  type VaultRequest,
} from './exchange.ts';
import { KvStore } from './kv-store.ts';
import { PolicyError, parsePolicy } from './policy.ts';
import { enableAppRole, type VaultState } from './state.ts';

/** The version whose behaviour is followed; the suffix says that it is not HashiCorp's. */
export const imitatedVersion = '1.18.0+aurora';
const cluster = {
  cluster_name: 'aurora-stack',
  cluster_id: '00000000-0000-4000-8000-000000000000',
};

/** What answers without a token, and also when sealed; undefined for every other path. */
export function openSysRoute(state: VaultState, request: VaultRequest): VaultAnswer | undefined {
  const { path, method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  if (path === 'sys/health' && reads) return health(state, request);
  if (path === 'sys/init' && reads) return { status: 200, body: { initialized: true } };
  if (path === 'sys/seal-status' && reads) return sealStatus(state);
  if (path === 'sys/unseal' && isWrite(method)) return unseal(state, request);
  return undefined;
}

/** `sys/*` for a token that may. */
export function sysRoute(state: VaultState, request: VaultRequest): VaultAnswer {
  const { path, method } = request;
  if (path === 'sys/seal' && isWrite(method)) {
    state.sealed = true;
    return { status: 204 };
  }
  if (path === 'sys/mounts' && method === 'GET') return mounts(state);
  if (path === 'sys/auth' && method === 'GET') return methods(state);
  const [area, name] = splitAfterSys(path);
  if (area === 'mounts' && name !== '') return mountRoute(state, name, request);
  if (area === 'auth' && name !== '') return authRoute(state, name, request);
  if (area === 'policies/acl' || area === 'policy') return policyRoute(state, name, request);
  throw noHandler(path);
}

function splitAfterSys(path: string): [area: string, name: string] {
  const match = /^sys\/(mounts|auth|policies\/acl|policy)(?:\/(.*))?$/.exec(path);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

function health(state: VaultState, request: VaultRequest): VaultAnswer {
  const asked = request.query.get(state.sealed ? 'sealedcode' : 'activecode');
  const status = Number(asked ?? (state.sealed ? 503 : 200));
  return {
    status: status >= 200 && status <= 599 ? status : 400,
    body: {
      initialized: true,
      sealed: state.sealed,
      standby: false,
      performance_standby: false,
      replication_performance_mode: 'disabled',
      replication_dr_mode: 'disabled',
      server_time_utc: Math.floor(state.now() / 1_000),
      version: imitatedVersion,
      ...cluster,
    },
  };
}

function sealStatus(state: VaultState): VaultAnswer {
  return {
    status: 200,
    body: {
      type: 'shamir',
      initialized: true,
      sealed: state.sealed,
      t: 1,
      n: 1,
      progress: 0,
      nonce: '',
      version: imitatedVersion,
      migration: false,
      recovery_seal: false,
      storage_type: 'inmem',
      ...(state.sealed ? {} : cluster),
    },
  };
}

function unseal(state: VaultState, request: VaultRequest): VaultAnswer {
  if (request.body.reset === true) return sealStatus(state);
  const key = textField(request.body, 'key');
  if (key === undefined) {
    throw new VaultFailure(
      400,
      "'key' must be specified in request body as JSON, or 'reset' set to true",
    );
  }
  if (key !== state.unsealKey) throw new VaultFailure(400, 'Unseal failed, invalid key');
  state.sealed = false;
  return sealStatus(state);
}

function mounts(state: VaultState): VaultAnswer {
  const kv = [...state.mounts.keys()].map((name) => [
    `${name}/`,
    { type: 'kv', description: '', options: { version: '2' } },
  ]);
  const all = {
    ...Object.fromEntries(kv),
    'sys/': { type: 'system', description: '', options: null },
  };
  return { status: 200, body: { ...all, data: all } };
}

function mountRoute(state: VaultState, name: string, request: VaultRequest): VaultAnswer {
  if (request.method === 'DELETE') {
    state.mounts.delete(name);
    return { status: 204 };
  }
  if (!isWrite(request.method)) throw unsupported();
  const { type, options } = request.body;
  const version = (options as { version?: unknown } | null | undefined)?.version;
  if (type !== 'kv-v2' && !(type === 'kv' && String(version) === '2')) {
    throw new VaultFailure(400, 'only KV version 2 is supported by this server');
  }
  if (state.mounts.has(name)) throw inUse(name);
  state.mounts.set(name, new KvStore(state.now));
  return { status: 204 };
}

function methods(state: VaultState): VaultAnswer {
  const all = {
    'token/': { type: 'token', description: 'token based credentials' },
    ...(state.roles === undefined ? {} : { 'approle/': { type: 'approle', description: '' } }),
  };
  return { status: 200, body: { ...all, data: all } };
}

function authRoute(state: VaultState, name: string, request: VaultRequest): VaultAnswer {
  if (request.method === 'DELETE') {
    if (name === 'approle') state.roles = undefined;
    return { status: 204 };
  }
  if (!isWrite(request.method)) throw unsupported();
  if (name !== 'approle' || request.body.type !== 'approle') {
    throw new VaultFailure(400, 'only the method approle, at its own path, is supported here');
  }
  if (state.roles !== undefined) throw inUse(name);
  enableAppRole(state);
  return { status: 204 };
}

function policyRoute(state: VaultState, name: string, request: VaultRequest): VaultAnswer {
  if (name === '') {
    if (request.method !== 'LIST') throw unsupported();
    return { status: 200, body: { data: { keys: [...state.policies.keys(), 'root'].sort() } } };
  }
  switch (request.method) {
    case 'GET': {
      const policy = state.policies.get(name);
      if (policy === undefined) throw notFound();
      return { status: 200, body: { data: { name, policy: policy.text, rules: policy.text } } };
    }
    case 'DELETE':
      state.policies.delete(name);
      return { status: 204 };
    case 'POST':
    case 'PUT':
      // `rules` at `sys/policy` is the older form, which client libraries still send.
      savePolicy(
        state,
        name,
        textField(request.body, 'policy') ?? textField(request.body, 'rules'),
      );
      return { status: 204 };
    default:
      throw unsupported();
  }
}

function savePolicy(state: VaultState, name: string, text: string | undefined): void {
  if (text === undefined) throw new VaultFailure(400, "'policy' parameter not supplied or empty");
  if (name === 'root') throw new VaultFailure(400, 'cannot update "root" policy');
  try {
    state.policies.set(name, { text, rules: parsePolicy(text) });
  } catch (error) {
    if (error instanceof PolicyError) throw new VaultFailure(400, error.message);
    throw error;
  }
}

function inUse(name: string): VaultFailure {
  return new VaultFailure(400, `path is already in use at ${name}/`);
}

function isWrite(method: string): boolean {
  return method === 'POST' || method === 'PUT';
}
