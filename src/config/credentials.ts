import { stat } from 'node:fs/promises';
import { AuroraError, hasCode } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { parseSecretReference, type SecretsService } from '../services/secrets/secrets.ts';
import { readEnvFile } from './env-file.ts';
import type { SecretReferenceConfig } from './schema.ts';

/** Turns the references of the configuration into secrets. */
export interface CredentialSource {
  /** `where` is the path in the configuration, for the error. CREDENTIAL_MISSING, SERVICE_*. */
  resolve(reference: SecretReferenceConfig, where: string, signal: AbortSignal): Promise<Secret>;
}

/** What credentials may come from. */
export interface CredentialOptions {
  /** The process environment: it wins over the file. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The configured credentials file; absolute. */
  readonly file?: string | undefined;
  /** Opened only for a `{vault: ...}` reference. */
  readonly secrets: () => Promise<SecretsService>;
}

/** Reads the credentials file. CREDENTIAL_MISSING when others can read it, or it is not there. */
async function readCredentials(path: string): Promise<ReadonlyMap<string, string>> {
  const refuse = (message: string, remedy: string) =>
    new AuroraError('CREDENTIAL_MISSING', message, { where: path, remedy });
  const mode = await stat(path).then(
    (found) => found.mode,
    () => undefined,
  );
  if (mode === undefined) {
    throw refuse('the credentials file cannot be read', 'Correct `credentials` in the config.');
  }
  if ((mode & 0o077) !== 0) {
    throw refuse('other users may read the credentials file', `Run: chmod 600 ${path}`);
  }
  const values = await readEnvFile(path);
  for (const [name, value] of values) void new Secret(value, `env:${name}`);
  return values;
}

/**
 * Credentials by reference: `{env}` from the process environment, then the credentials file;
 * `{vault}` from the secrets service. An empty value counts as missing.
 */
export function openCredentials(options: CredentialOptions): CredentialSource {
  let file: Promise<ReadonlyMap<string, string>> | undefined;
  const fromFile = async (name: string) => {
    if (options.file === undefined) return undefined;
    file ??= readCredentials(options.file);
    return (await file).get(name);
  };
  return {
    resolve: async (reference, where, signal) => {
      if ('vault' in reference) {
        return readFromVault(await options.secrets(), reference.vault, where, signal);
      }
      const name = reference.env;
      const value = options.variables[name] || (await fromFile(name));
      if (value === undefined || value === '') {
        throw new AuroraError('CREDENTIAL_MISSING', `${name} is not set`, {
          where,
          remedy: `Export ${name}${options.file === undefined ? '' : `, or add it to ${options.file}`}.`,
        });
      }
      return new Secret(value, `env:${name}`);
    },
  };
}

async function readFromVault(
  secrets: SecretsService,
  target: string,
  where: string,
  signal: AbortSignal,
): Promise<Secret> {
  try {
    return await secrets.read(parseSecretReference(target), signal);
  } catch (error) {
    if (!hasCode(error, 'SECRET_MISSING')) throw error;
    throw new AuroraError('CREDENTIAL_MISSING', `vault:${target} is not there`, {
      where,
      remedy: `Write it to ${target} in ${secrets.label}.`,
      cause: error,
    });
  }
}
