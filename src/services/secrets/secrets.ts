import type { Secret } from '../../base/secret.ts';
import type { Examined } from '../health.ts';

/** Where a secret lives: the path below the mount, and the field in it. */
export interface SecretReference {
  readonly path: string;
  /** `value` when the reference names none. */
  readonly field: string;
}

/** A store of secrets, read only. */
export interface SecretsService extends Examined {
  /**
   * Reads one field. Errors: SECRET_MISSING (no such path or field), SERVICE_REFUSED (sealed, bad
   * token, no permission), SERVICE_UNREACHABLE. No error carries a token or the request.
   */
  read(reference: SecretReference, signal: AbortSignal): Promise<Secret>;
}

/** Parses `path` or `path#field`. */
export function parseSecretReference(text: string): SecretReference {
  const hash = text.indexOf('#');
  return hash < 0
    ? { path: text, field: 'value' }
    : { path: text.slice(0, hash), field: text.slice(hash + 1) };
}
