import { randomUUID } from 'node:crypto';

/** A role that programs log in with. */
export interface Role {
  readonly name: string;
  roleId: string;
  policies: readonly string[];
  /** Seconds. */
  tokenTtl: number;
  readonly secretIds: Map<string, { readonly accessor: string; usesLeft: number }>;
  /** How often a new secret id may be used; 0: without limit. */
  secretIdUses: number;
}

/** Seconds a token lives when its role does not say; 32 days, as Vault. */
export const defaultTtl = 32 * 24 * 3_600;

/** The roles of the AppRole method. */
export class AppRoles {
  readonly #roles = new Map<string, Role>();

  get names(): string[] {
    return [...this.#roles.keys()].sort();
  }

  find(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Creates a role, or changes the given parts of one. */
  save(name: string, parts: Partial<Pick<Role, 'policies' | 'tokenTtl' | 'secretIdUses'>>): void {
    const role = this.#roles.get(name) ?? {
      name,
      roleId: randomUUID(),
      policies: [],
      tokenTtl: defaultTtl,
      secretIds: new Map(),
      secretIdUses: 0,
    };
    this.#roles.set(name, Object.assign(role, parts));
  }

  remove(name: string): void {
    this.#roles.delete(name);
  }

  /** A new secret id of the role. */
  issue(role: Role): { secretId: string; accessor: string } {
    const secretId = randomUUID();
    const accessor = randomUUID();
    role.secretIds.set(secretId, { accessor, usesLeft: role.secretIdUses });
    return { secretId, accessor };
  }

  /** The role of a pair, or undefined when either half is wrong; counts the use. */
  logIn(roleId: string, secretId: string): Role | undefined {
    const role = [...this.#roles.values()].find((candidate) => candidate.roleId === roleId);
    const secret = role?.secretIds.get(secretId);
    if (secret === undefined) return undefined;
    if (secret.usesLeft === 1) role?.secretIds.delete(secretId);
    else if (secret.usesLeft > 1) secret.usesLeft -= 1;
    return role;
  }
}
