import { inspect } from 'node:util';
import { rememberSecret } from './redact.ts';

/**
 * A value that does not print: string, JSON and inspect forms are all `[secret]`.
 * Reading it takes an explicit `.reveal()`. Creating one registers it with the redactor.
 */
export class Secret {
  readonly #value: string;
  /** Where it came from, safe to print: `vault:aurora-prod-api-key#value` or `env:NAME`. */
  readonly source: string;

  constructor(value: string, source: string) {
    this.#value = value;
    this.source = source;
    rememberSecret(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return `[secret ${this.source}]`;
  }
}

/** The plain text of a value that may or may not be secret. Only at the edge that sends it. */
export function revealed(value: string | Secret): string {
  return typeof value === 'string' ? value : value.reveal();
}
