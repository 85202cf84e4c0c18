import {
  notFound,
  unsupported,
  type VaultAnswer,
  VaultFailure,
  type VaultRequest,
  vaultTime,
} from './exchange.ts';
import {
  CasError,
  forgetOldest,
  type KvData,
  type KvRead,
  type KvSecret,
  type KvStore,
} from './kv-store.ts';

/** Answers a request below a KV v2 mount; `rest` is the path below it, such as `data/app`. */
export function kvRoute(store: KvStore, rest: string, request: VaultRequest): VaultAnswer {
  const slash = rest.indexOf('/');
  const area = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash + 1);
  if (area === 'config' && request.method === 'GET') {
    return data({ cas_required: false, delete_version_after: '0s', max_versions: 0 });
  }
  if (area === 'metadata' && request.method === 'LIST') return list(store, path);
  if (path === '') throw unsupported();
  if (area === 'data') return dataRoute(store, path, request);
  if (area === 'metadata') return metadataRoute(store, path, request);
  if (request.method !== 'POST' && request.method !== 'PUT') throw unsupported();
  const versions = versionsField(request);
  if (area === 'delete') store.remove(path, versions);
  else if (area === 'undelete') store.restore(path, versions);
  else if (area === 'destroy') store.destroy(path, versions);
  else throw unsupported();
  return { status: 204 };
}

/** Whether the secret is there already, which decides between `create` and `update`. */
export function kvExists(store: KvStore, rest: string): boolean {
  const path = /^(?:data|metadata)\/(.+)$/.exec(rest)?.[1];
  // The other areas know no creation.
  return path === undefined || store.secret(path) !== undefined;
}

function dataRoute(store: KvStore, path: string, request: VaultRequest): VaultAnswer {
  switch (request.method) {
    case 'GET': {
      const found = store.read(path, versionQuery(request));
      if (found === undefined) throw notFound();
      const answer = data({ data: found.data, metadata: versionMetadata(found) });
      // A deleted version is told apart from one that never was by this body.
      return found.data === null ? { ...answer, status: 404 } : answer;
    }
    case 'POST':
    case 'PUT':
      return data(versionMetadata(write(store, path, request)));
    case 'DELETE':
      store.remove(path, [0]);
      return { status: 204 };
    default:
      throw unsupported();
  }
}

function write(store: KvStore, path: string, request: VaultRequest): KvRead {
  const { data: fields, options } = request.body;
  if (!isObject(fields)) throw new VaultFailure(400, 'no data provided');
  const cas = isObject(options) ? options.cas : undefined;
  if (cas !== undefined && !isVersion(cas)) {
    throw new VaultFailure(400, 'error converting cas to an integer');
  }
  try {
    return store.write(path, fields, cas);
  } catch (error) {
    if (error instanceof CasError) throw new VaultFailure(400, error.message);
    throw error;
  }
}

function metadataRoute(store: KvStore, path: string, request: VaultRequest): VaultAnswer {
  switch (request.method) {
    case 'GET': {
      const secret = store.secret(path);
      if (secret === undefined) throw notFound();
      return data(secretMetadata(secret));
    }
    case 'POST':
    case 'PUT': {
      const {
        max_versions: maxVersions,
        cas_required: cas,
        custom_metadata: custom,
      } = request.body;
      const secret = store.ensure(path);
      if (isVersion(maxVersions)) secret.maxVersions = maxVersions;
      if (typeof cas === 'boolean') secret.casRequired = cas;
      if (isObject(custom)) secret.customMetadata = custom;
      forgetOldest(secret);
      return { status: 204 };
    }
    case 'DELETE':
      store.forget(path);
      return { status: 204 };
    default:
      throw unsupported();
  }
}

function list(store: KvStore, path: string): VaultAnswer {
  const keys = store.list(path === '' ? '' : `${path}/`);
  if (keys.length === 0) throw notFound();
  return data({ keys });
}

function data(body: Readonly<Record<string, unknown>>): VaultAnswer {
  return { status: 200, body: { data: body } };
}

function versionMetadata(read: KvRead): Record<string, unknown> {
  return {
    created_time: vaultTime(read.createdAt),
    custom_metadata: read.customMetadata,
    deletion_time: read.deletedAt === null ? '' : vaultTime(read.deletedAt),
    destroyed: read.destroyed,
    version: read.version,
  };
}

function secretMetadata(secret: KvSecret): Record<string, unknown> {
  const versions = [...secret.versions].map(([number, version]) => [
    String(number),
    {
      created_time: vaultTime(version.createdAt),
      deletion_time: version.deletedAt === null ? '' : vaultTime(version.deletedAt),
      destroyed: version.destroyed,
    },
  ]);
  return {
    cas_required: secret.casRequired,
    created_time: vaultTime(secret.createdAt),
    current_version: secret.current,
    custom_metadata: secret.customMetadata,
    delete_version_after: '0s',
    max_versions: secret.maxVersions,
    oldest_version: secret.versions.keys().next().value ?? 0,
    updated_time: vaultTime(secret.updatedAt),
    versions: Object.fromEntries(versions),
  };
}

function versionQuery(request: VaultRequest): number {
  const text = request.query.get('version') ?? '0';
  if (!/^\d{1,9}$/.test(text)) throw new VaultFailure(400, 'Field validation failed: version');
  return Number(text);
}

function versionsField(request: VaultRequest): number[] {
  const { versions } = request.body;
  const numbers = Array.isArray(versions) ? versions.map(Number) : [];
  if (numbers.length === 0 || !numbers.every(isVersion)) {
    throw new VaultFailure(400, 'No version number provided');
  }
  return numbers;
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isObject(value: unknown): value is KvData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
