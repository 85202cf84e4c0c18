import { appRoleLogin, appRoleRoute, tokenRoute } from './auth-routes.ts';
import {
  denied,
  noHandler,
  unsupported,
  type VaultAnswer,
  VaultFailure,
  type VaultRequest,
} from './exchange.ts';
import { kvExists, kvRoute } from './kv-routes.ts';
import type { KvStore } from './kv-store.ts';
import { allowed, type Capability } from './policy.ts';
import type { VaultState } from './state.ts';
import { openSysRoute, sysRoute } from './sys-routes.ts';
import type { Token } from './tokens.ts';

/** Paths that need `sudo` on top, whatever a policy says. */
const protectedPaths = /^sys\/(seal|auth(\/.*)?|(policies\/acl|policy)(\/.*)?|mounts\/.*)$/;

/** Answers one request in Vault's order: seal, login, token, policy, and only then the route. */
export function route(state: VaultState, request: VaultRequest): VaultAnswer {
  const open = openSysRoute(state, request);
  if (open !== undefined) return open;
  if (state.sealed) throw new VaultFailure(503, 'Vault is sealed');
  if (request.path === 'auth/approle/login' && state.roles !== undefined) {
    if (request.method !== 'POST' && request.method !== 'PUT') throw unsupported();
    return appRoleLogin(state, request);
  }
  const token = state.tokens.find(request.token);
  if (token === undefined) throw new VaultFailure(403, 'permission denied');
  const mount = mountOf(state, request.path);
  authorise(state, token, request, mount);
  if (mount !== undefined) return kvRoute(mount.store, mount.rest, request);
  return systemRoute(state, request, token);
}

function systemRoute(state: VaultState, request: VaultRequest, token: Token): VaultAnswer {
  const { path } = request;
  if (path.startsWith('sys/')) return sysRoute(state, request);
  const tokenPart = /^auth\/token\/(.+)$/.exec(path)?.[1];
  if (tokenPart !== undefined) return tokenRoute(state, tokenPart, request, token);
  const rolePart = /^auth\/approle\/role(?:\/(.*))?$/.exec(path);
  if (rolePart !== null) return appRoleRoute(state, rolePart[1] ?? '', request);
  throw noHandler(path);
}

/** The KV mount that a path lies in, and the path below it. */
interface MountedPath {
  readonly store: KvStore;
  readonly rest: string;
}

function mountOf(state: VaultState, path: string): MountedPath | undefined {
  for (const [name, store] of state.mounts) {
    if (path.startsWith(`${name}/`)) return { store, rest: path.slice(name.length + 1) };
  }
  return undefined;
}

function authorise(
  state: VaultState,
  token: Token,
  request: VaultRequest,
  mount: MountedPath | undefined,
): void {
  if (token.policies.includes('root')) return;
  const rules = token.policies.flatMap((name) => state.policies.get(name)?.rules ?? []);
  const needed = neededCapability(request, mount);
  // A policy for a list may be written with or without the slash at the end.
  const paths = needed === 'list' ? [`${request.path}/`, request.path] : [request.path];
  const granted = paths.some((path) => {
    const found = allowed(rules, path);
    return found.has(needed) && (!protectedPaths.test(path) || found.has('sudo'));
  });
  if (!granted) throw denied();
}

function neededCapability(request: VaultRequest, mount: MountedPath | undefined): Capability {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return 'read';
    case 'LIST':
      return 'list';
    case 'DELETE':
      return 'delete';
    case 'PATCH':
      return 'patch';
    default:
      return mount !== undefined && !kvExists(mount.store, mount.rest) ? 'create' : 'update';
  }
}
