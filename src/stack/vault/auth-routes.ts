import type { Role } from './approle.ts';
import { defaultTtl } from './approle.ts';
import {
  denied,
  listField,
  noHandler,
  notFound,
  secondsField,
  textField,
  unsupported,
  type VaultAnswer,
  VaultFailure,
  type VaultRequest,
  vaultTime,
} from './exchange.ts';
import type { VaultState } from './state.ts';
import type { Token } from './tokens.ts';

/** `auth/token/*` for the holder of a valid token. */
export function tokenRoute(
  state: VaultState,
  part: string,
  request: VaultRequest,
  token: Token,
): VaultAnswer {
  const writes = request.method === 'POST' || request.method === 'PUT';
  if (part === 'lookup-self' && request.method === 'GET') {
    return { status: 200, body: { data: tokenData(state, token) } };
  }
  if (!writes) throw unsupported();
  switch (part) {
    case 'create':
      return grant(state, createToken(state, request, token));
    case 'renew-self':
      state.tokens.renew(token);
      return grant(state, token);
    case 'revoke-self':
      state.tokens.revoke(token.id);
      return { status: 204 };
    case 'revoke':
      state.tokens.revoke(textField(request.body, 'token') ?? '');
      return { status: 204 };
    default:
      throw noHandler(request.path);
  }
}

/** `auth/approle/login`, which needs no token. */
export function appRoleLogin(state: VaultState, request: VaultRequest): VaultAnswer {
  const roleId = textField(request.body, 'role_id');
  const secretId = textField(request.body, 'secret_id');
  if (roleId === undefined) throw new VaultFailure(400, 'missing role_id');
  if (secretId === undefined) throw new VaultFailure(400, 'missing secret_id');
  const role = state.roles?.logIn(roleId, secretId);
  if (role === undefined) throw new VaultFailure(400, 'invalid role or secret ID');
  const token = state.tokens.create({
    policies: ['default', ...role.policies],
    path: 'auth/approle/login',
    displayName: 'approle',
    metadata: { role_name: role.name },
    ttl: role.tokenTtl,
  });
  return grant(state, token);
}

/** `auth/approle/role/*`: `part` is what follows `role`. */
export function appRoleRoute(state: VaultState, part: string, request: VaultRequest): VaultAnswer {
  const roles = state.roles;
  if (roles === undefined) throw noHandler(request.path);
  const [name = '', field] = part.split('/');
  if (name === '') {
    if (request.method !== 'LIST') throw unsupported();
    if (roles.names.length === 0) throw notFound();
    return { status: 200, body: { data: { keys: roles.names } } };
  }
  const role = roles.find(name);
  if (field === undefined) return roleRoute(state, name, request);
  if (role === undefined) {
    throw request.method === 'GET'
      ? notFound()
      : new VaultFailure(400, `role "${name}" does not exist`);
  }
  if (field === 'role-id') return roleIdRoute(role, request);
  if (field !== 'secret-id') throw noHandler(request.path);
  if (request.method !== 'POST' && request.method !== 'PUT') throw unsupported();
  const { secretId, accessor } = roles.issue(role);
  return {
    status: 200,
    body: {
      data: {
        secret_id: secretId,
        secret_id_accessor: accessor,
        secret_id_num_uses: role.secretIdUses,
        secret_id_ttl: 0,
      },
    },
  };
}

function roleRoute(state: VaultState, name: string, request: VaultRequest): VaultAnswer {
  const role = state.roles?.find(name);
  switch (request.method) {
    case 'GET': {
      if (role === undefined) throw notFound();
      const data = {
        bind_secret_id: true,
        secret_id_num_uses: role.secretIdUses,
        token_policies: role.policies,
        token_ttl: role.tokenTtl,
        token_type: 'default',
      };
      return { status: 200, body: { data } };
    }
    case 'POST':
    case 'PUT': {
      const policies =
        listField(request.body, 'token_policies') ?? listField(request.body, 'policies');
      const tokenTtl = secondsField(request.body, 'token_ttl');
      const uses = request.body.secret_id_num_uses;
      state.roles?.save(name, {
        ...(policies === undefined ? {} : { policies }),
        ...(tokenTtl === undefined ? {} : { tokenTtl: tokenTtl === 0 ? defaultTtl : tokenTtl }),
        ...(typeof uses === 'number' ? { secretIdUses: uses } : {}),
      });
      return { status: 204 };
    }
    case 'DELETE':
      state.roles?.remove(name);
      return { status: 204 };
    default:
      throw unsupported();
  }
}

function roleIdRoute(role: Role, request: VaultRequest): VaultAnswer {
  if (request.method === 'GET') return { status: 200, body: { data: { role_id: role.roleId } } };
  const roleId = textField(request.body, 'role_id');
  if (roleId === undefined) throw new VaultFailure(400, 'missing role_id');
  role.roleId = roleId;
  return { status: 204 };
}

function createToken(state: VaultState, request: VaultRequest, parent: Token): Token {
  const isRoot = parent.policies.includes('root');
  const asked = listField(request.body, 'policies') ?? [...parent.policies];
  if (!isRoot && asked.some((name) => !parent.policies.includes(name))) {
    throw new VaultFailure(400, 'child policies must be subset of parent');
  }
  const id = textField(request.body, 'id');
  if (id !== undefined && !isRoot) throw denied();
  const policies = asked.includes('root') ? ['root'] : ['default', ...asked];
  const ttl = secondsField(request.body, 'ttl');
  return state.tokens.create({
    policies,
    path: 'auth/token/create',
    displayName: `token-${textField(request.body, 'display_name') ?? ''}`.replace(/-$/, ''),
    ttl: ttl ?? (policies.includes('root') ? 0 : defaultTtl),
    ...(id === undefined ? {} : { id }),
  });
}

/** The answer of everything that hands out a token. */
function grant(state: VaultState, token: Token): VaultAnswer {
  return {
    status: 200,
    body: {
      auth: {
        client_token: token.id,
        accessor: token.accessor,
        policies: token.policies,
        token_policies: token.policies,
        metadata: token.metadata,
        lease_duration: state.tokens.left(token),
        renewable: token.ttl > 0,
        entity_id: '',
        token_type: 'service',
        orphan: true,
        num_uses: 0,
      },
    },
  };
}

function tokenData(state: VaultState, token: Token): Record<string, unknown> {
  return {
    accessor: token.accessor,
    creation_time: Math.floor(token.createdAt / 1_000),
    creation_ttl: token.ttl,
    display_name: token.displayName,
    entity_id: '',
    expire_time: token.expiresAt === Infinity ? null : vaultTime(token.expiresAt),
    explicit_max_ttl: 0,
    id: token.id,
    issue_time: vaultTime(token.createdAt),
    meta: token.metadata,
    num_uses: 0,
    orphan: true,
    path: token.path,
    policies: token.policies,
    renewable: token.ttl > 0,
    ttl: state.tokens.left(token),
    type: 'service',
  };
}
