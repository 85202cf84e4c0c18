import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import { http, parseJson } from '../../services/http/request.ts';
import { type RoleCredentials, seedVault } from '../vault/seed.ts';
import { addressesOf } from './addresses.ts';
import { vaultMount } from './config-file.ts';
import { vaultNames, vaultSecrets } from './env-files.ts';
import type { StackLayout } from './layout.ts';

/** The stack's hold of its vault. */
export interface VaultAccess {
  /** Unseals it, and fills it; answers new credentials for aurora. */
  fill(signal: AbortSignal): Promise<RoleCredentials>;
  seal(signal: AbortSignal): Promise<void>;
  unseal(signal: AbortSignal): Promise<void>;
}

/** The token that may do everything, and the key; a given vault's key is not ours to know. */
interface Keys {
  readonly token: string;
  readonly key: string | null;
}

const initialised = z.object({ initialized: z.boolean() });
const initAnswer = z.object({ keys: z.array(z.string()).min(1), root_token: z.string() });

/** Opens the vault of a stack, wherever it comes from. Nothing is sent yet. */
export function openVaultAccess(layout: StackLayout): VaultAccess {
  const url = addressesOf(layout).vault;
  let keys = ownKeys(layout);
  const current = async (signal: AbortSignal) => {
    // A real vault makes its keys itself, again after each start: its storage is in memory.
    if (layout.sources.vault.from === 'program') keys = (await initialise(url, signal)) ?? keys;
    if (keys !== undefined) return keys;
    throw new AuroraError('STACK_START_FAILED', 'the vault was initialised by somebody else');
  };
  const unseal = async (signal: AbortSignal) => {
    const { key } = await current(signal);
    if (key !== null) await send(url, 'sys/unseal', { body: { key } }, signal);
  };
  return {
    unseal,
    seal: async (signal) => {
      const { token } = await current(signal);
      await send(url, 'sys/seal', { token }, signal);
    },
    fill: async (signal) => {
      await unseal(signal);
      const { token } = await current(signal);
      signal.throwIfAborted();
      return seedVault({
        url,
        token,
        mount: vaultMount(layout),
        secrets: vaultSecrets(layout),
        role: {
          name: layout.mark.replaceAll('_', '-'),
          readPaths: Object.values(vaultNames).map((name) => `${name}-*`),
        },
      });
    },
  };
}

function ownKeys({ sources, secrets }: StackLayout): Keys | undefined {
  if (sources.vault.from === 'program') return undefined;
  if (sources.vault.from === 'embedded') {
    return { token: secrets.vaultToken, key: secrets.vaultKey };
  }
  return { token: sources.vault.token ?? '', key: null };
}

async function send(
  url: string,
  path: string,
  call: { readonly method?: 'GET' | 'PUT'; readonly body?: object; readonly token?: string },
  signal: AbortSignal,
): Promise<unknown> {
  const where = `${call.method ?? 'PUT'} ${url}/v1/${path}`;
  const answer = await http(
    {
      method: call.method ?? 'PUT',
      url: `${url}/v1/${path}`,
      headers: call.token === undefined ? {} : { 'x-vault-token': call.token },
      ...(call.body === undefined ? {} : { body: call.body }),
    },
    signal,
  );
  if (answer.status >= 300) {
    throw new AuroraError('SERVICE_REFUSED', `the vault answered ${answer.status}`, { where });
  }
  return answer.text === '' ? undefined : parseJson(answer, where);
}

async function initialise(url: string, signal: AbortSignal): Promise<Keys | undefined> {
  const state = initialised.parse(await send(url, 'sys/init', { method: 'GET' }, signal));
  if (state.initialized) return undefined;
  const body = { secret_shares: 1, secret_threshold: 1 };
  const made = initAnswer.parse(await send(url, 'sys/init', { body }, signal));
  return { token: made.root_token, key: made.keys[0] ?? null };
}
