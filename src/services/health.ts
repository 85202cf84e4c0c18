/** What `aurora doctor` says of one service: reached read-only, in one line. */
export interface ServiceHealth {
  readonly ok: boolean;
  /** What was seen: `Vault 1.18, unsealed, token valid for 23 h`, or what went wrong. */
  readonly detail: string;
  /** What to do when it is not ok. */
  readonly remedy?: string;
}

/** Everything that `doctor` can look at. */
export interface Examined {
  /** The kind and address, safe to print: `vault http://127.0.0.1:20011`. */
  readonly label: string;
  /** Reaches the service without changing anything. Never throws: what fails is in the answer. */
  health(signal: AbortSignal): Promise<ServiceHealth>;
}
