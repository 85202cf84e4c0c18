/** Versions of a secret that are kept, unless its metadata says otherwise; Vault's own default. */
const versionsKept = 10;

/** The fields of a secret: any JSON. */
export type KvData = Readonly<Record<string, unknown>>;

interface Version {
  readonly createdAt: number;
  deletedAt: number | null;
  destroyed: boolean;
  data: KvData | null;
}

/** One secret with its versions. */
export interface KvSecret {
  readonly createdAt: number;
  updatedAt: number;
  current: number;
  /** 0: the default. */
  maxVersions: number;
  casRequired: boolean;
  customMetadata: KvData | null;
  readonly versions: Map<number, Version>;
}

/** What a read of one version finds: `data` is null when it was deleted or destroyed. */
export interface KvRead {
  readonly version: number;
  readonly data: KvData | null;
  readonly createdAt: number;
  readonly deletedAt: number | null;
  readonly destroyed: boolean;
  readonly customMetadata: KvData | null;
}

/** A write that check-and-set refuses; the text is Vault's. */
export class CasError extends Error {}

/** The secrets of one KV v2 mount, by path. */
export class KvStore {
  readonly #secrets = new Map<string, KvSecret>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  secret(path: string): KvSecret | undefined {
    return this.#secrets.get(path);
  }

  /** Version 0 is the current one; undefined when there is no such version. */
  read(path: string, version = 0): KvRead | undefined {
    const secret = this.#secrets.get(path);
    const number = version === 0 ? (secret?.current ?? 0) : version;
    const found = secret?.versions.get(number);
    if (secret === undefined || found === undefined) return undefined;
    const { createdAt, deletedAt, destroyed } = found;
    const data = deletedAt !== null || destroyed ? null : found.data;
    const { customMetadata } = secret;
    return { version: number, data, createdAt, deletedAt, destroyed, customMetadata };
  }

  /** Adds a version. `cas` is the version that the writer believes to be current; 0: none yet. */
  write(path: string, data: KvData, cas: number | undefined): KvRead {
    const present = this.#secrets.get(path);
    if (cas === undefined && present?.casRequired === true) {
      throw new CasError('check-and-set parameter required for this call');
    }
    if (cas !== undefined && cas !== (present?.current ?? 0)) {
      throw new CasError('check-and-set parameter did not match the current version');
    }
    const secret = present ?? this.#create(path);
    const now = this.#now();
    secret.current += 1;
    secret.updatedAt = now;
    secret.versions.set(secret.current, {
      createdAt: now,
      deletedAt: null,
      destroyed: false,
      data,
    });
    forgetOldest(secret);
    const { customMetadata } = secret;
    const version = secret.current;
    return { version, data, createdAt: now, deletedAt: null, destroyed: false, customMetadata };
  }

  /** Marks versions as deleted; 0 is the current one. Unknown ones are left out, as Vault does. */
  remove(path: string, versions: readonly number[]): void {
    for (const version of this.#versions(path, versions)) {
      if (!version.destroyed) version.deletedAt ??= this.#now();
    }
  }

  /** Takes deletions back. */
  restore(path: string, versions: readonly number[]): void {
    for (const version of this.#versions(path, versions)) {
      if (!version.destroyed) version.deletedAt = null;
    }
  }

  /** Removes the data of versions for good. */
  destroy(path: string, versions: readonly number[]): void {
    for (const version of this.#versions(path, versions)) {
      version.destroyed = true;
      version.data = null;
    }
  }

  /** The secret, made without a version when there is none: metadata may come first. */
  ensure(path: string): KvSecret {
    return this.#secrets.get(path) ?? this.#create(path);
  }

  /** Removes a secret with all versions. */
  forget(path: string): void {
    this.#secrets.delete(path);
  }

  /** Names right below a folder (`''` or ending in `/`); folders end in `/`. Sorted. */
  list(folder: string): string[] {
    const names = new Set<string>();
    for (const path of this.#secrets.keys()) {
      if (!path.startsWith(folder)) continue;
      const rest = path.slice(folder.length);
      const slash = rest.indexOf('/');
      names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
    }
    return [...names].sort();
  }

  #create(path: string): KvSecret {
    const now = this.#now();
    const secret: KvSecret = {
      createdAt: now,
      updatedAt: now,
      current: 0,
      maxVersions: 0,
      casRequired: false,
      customMetadata: null,
      versions: new Map(),
    };
    this.#secrets.set(path, secret);
    return secret;
  }

  #versions(path: string, numbers: readonly number[]): Version[] {
    const secret = this.#secrets.get(path);
    return numbers
      .map((number) => secret?.versions.get(number === 0 ? secret.current : number))
      .filter((version) => version !== undefined);
  }
}

/** Drops the versions beyond the limit. */
export function forgetOldest(secret: KvSecret): void {
  const kept = secret.maxVersions === 0 ? versionsKept : secret.maxVersions;
  for (const number of secret.versions.keys()) {
    if (number <= secret.current - kept) secret.versions.delete(number);
  }
}
