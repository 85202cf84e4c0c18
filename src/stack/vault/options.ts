/** What the supervisor tells the vault part, over IPC: the token and the key are secrets. */
export interface VaultOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly rootToken: string;
  /** The one key that unseals it after `sys/seal`; it starts unsealed. */
  readonly unsealKey: string;
  /** A KV v2 mount that is there from the start; without it, `sys/mounts/<name>` makes one. */
  readonly mount?: string;
}
