import { formatDuration } from '../../base/duration.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { ServiceHealth } from '../health.ts';
import type { HttpRequest } from '../http/request.ts';
import type { SecretReference, SecretsService } from './secrets.ts';
import { field, sealedRemedy, secretValue, standbyRemedy } from './vault-answers.ts';
import { createVaultClient, type VaultClient } from './vault-client.ts';
import { type VaultAuth, VaultLogin } from './vault-login.ts';

/** Where the vault is and how to get in. */
export interface VaultSettings {
  readonly url: string;
  /** Of a KV engine of version 2. */
  readonly mount: string;
  readonly auth: VaultAuth;
  /** Milliseconds for one answer; 5,000 when left out. */
  readonly timeoutMs?: number;
  readonly dispatcher?: HttpRequest['dispatcher'];
}

/**
 * Secrets of a Vault (KV v2). An AppRole logs in on first use, and once more when its token has
 * expired. Nothing comes from VAULT_* or proxy variables of the environment.
 */
export function openVault(settings: VaultSettings): SecretsService {
  const label = `vault ${settings.url}`;
  const client = createVaultClient(settings.url, settings);
  const login = new VaultLogin(client, settings.auth, label);
  return {
    label,
    read: (reference, signal) => read({ ...settings, client, login }, reference, signal),
    health: async (signal) => {
      try {
        return await health(client, login, signal);
      } catch (error) {
        const remedy = error instanceof AuroraError ? { remedy: error.remedy } : {};
        return { ok: false, detail: messageOf(error), ...remedy };
      }
    },
  };
}

/** What a read needs. */
interface Opened {
  readonly url: string;
  readonly mount: string;
  readonly client: VaultClient;
  readonly login: VaultLogin;
}

async function read(
  { url, mount, client, login }: Opened,
  reference: SecretReference,
  signal: AbortSignal,
): Promise<Secret> {
  const where = `vault ${url} ${mount}/${reference.path}`;
  const path = `${mount}/data/${encodedPath(reference.path)}`;
  const reply = await login.use(signal, (token) => client.read(path, token, signal));
  const value = secretValue(reply, reference, mount, where);
  return new Secret(value, `vault:${reference.path}#${reference.field}`);
}

/** The path for a URL. Dots that would climb out of the mount are no path of a secret. */
function encodedPath(path: string): string {
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new AuroraError('SECRET_MISSING', `"${path}" is not a path of a secret`, {
      remedy: 'Write it without a slash at its ends, below the mount: `vault:path#field`.',
    });
  }
  return segments.map(encodeURIComponent).join('/');
}

async function health(
  client: VaultClient,
  login: VaultLogin,
  signal: AbortSignal,
): Promise<ServiceHealth> {
  const { status, body } = await client.read('sys/health', '', signal);
  const version = `Vault ${String(field(body, 'version') ?? 'of unknown version')}`;
  if (field(body, 'initialized') === undefined) {
    return {
      ok: false,
      detail: `what answers (status ${status}) is no Vault`,
      remedy: 'Correct services.secrets.url.',
    };
  }
  if (field(body, 'initialized') === false) {
    const remedy = 'Initialise it (`vault operator init`), or correct services.secrets.url.';
    return { ok: false, detail: `${version}, not initialised`, remedy };
  }
  if (field(body, 'sealed') === true) {
    return { ok: false, detail: `${version}, sealed`, remedy: sealedRemedy };
  }
  if (field(body, 'standby') === true) {
    return { ok: false, detail: `${version}, a standby node`, remedy: standbyRemedy };
  }
  return await tokenHealth(client, login, version, signal);
}

async function tokenHealth(
  client: VaultClient,
  login: VaultLogin,
  version: string,
  signal: AbortSignal,
): Promise<ServiceHealth> {
  const path = 'auth/token/lookup-self';
  const reply = await login.use(signal, (token) => client.read(path, token, signal));
  if (reply.status !== 200) {
    return {
      ok: false,
      detail: `${version}, unsealed, but the token is refused (status ${reply.status})`,
      remedy: 'Issue a new token and write it where services.secrets.auth takes it from.',
    };
  }
  const ttl = field(field(reply.body, 'data'), 'ttl');
  const validity =
    typeof ttl === 'number' && ttl > 0
      ? `token valid for ${formatDuration(ttl * 1_000)}`
      : 'token does not expire';
  return { ok: true, detail: `${version}, unsealed, ${validity}` };
}
