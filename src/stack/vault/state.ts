import { AppRoles } from './approle.ts';
import { KvStore } from './kv-store.ts';
import type { VaultOptions } from './options.ts';
import { defaultPolicy, type PolicyRule, parsePolicy } from './policy.ts';
import { Tokens } from './tokens.ts';

/** A policy with the text it was made from. */
export interface Policy {
  readonly text: string;
  readonly rules: readonly PolicyRule[];
}

/** Everything this server knows; all of it in memory. */
export interface VaultState {
  readonly now: () => number;
  readonly unsealKey: string;
  readonly tokens: Tokens;
  readonly policies: Map<string, Policy>;
  /** KV v2 mounts by name, without a slash. */
  readonly mounts: Map<string, KvStore>;
  /** Undefined until the method is enabled. */
  roles: AppRoles | undefined;
  sealed: boolean;
}

/** The state of a server that was just initialised and unsealed. */
export function createState(options: VaultOptions, now: () => number): VaultState {
  const tokens = new Tokens(now);
  tokens.create({
    id: options.rootToken,
    policies: ['root'],
    path: 'auth/token/root',
    displayName: 'root',
    ttl: 0,
  });
  return {
    now,
    unsealKey: options.unsealKey,
    tokens,
    policies: new Map([['default', { text: defaultPolicy, rules: parsePolicy(defaultPolicy) }]]),
    mounts: new Map(options.mount === undefined ? [] : [[options.mount, new KvStore(now)]]),
    roles: undefined,
    sealed: false,
  };
}

/** The AppRole method, once it is enabled. */
export function enableAppRole(state: VaultState): void {
  state.roles = new AppRoles();
}
