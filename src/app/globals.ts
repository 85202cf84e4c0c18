/** Options that every verb understands where they make sense. */
export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly color?: boolean;
}

/** Options of verbs that run a release. */
export interface RunOptions extends GlobalOptions {
  /** Divides watch windows and their polling; 1 when left out. */
  readonly timeScale?: number;
  /** Milliseconds that a step waits for a person. */
  readonly approvalWait?: number;
  /** File of the key that signs. */
  readonly key?: string;
  /** Who acts; the operating system's user when left out. */
  readonly actor?: string;
}
