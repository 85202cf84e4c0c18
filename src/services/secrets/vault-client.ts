import nodeVault from 'node-vault';
import { type HttpRequest, http } from '../http/request.ts';
import type { Sending } from '../http/send-change.ts';

/** One answer of Vault, whatever its status. */
export interface VaultReply {
  readonly status: number;
  readonly body: unknown;
}

/** Calls of Vault's API, below `/v1/`. Errors: SERVICE_UNREACHABLE and the signal's reason only. */
export interface VaultClient {
  read(path: string, token: string, signal: AbortSignal): Promise<VaultReply>;
  write(path: string, data: object, signal: AbortSignal): Promise<VaultReply>;
}

const requestMs = 5_000;

/** How its requests are sent. `timeoutMs` is for one answer; 5,000 when left out. */
interface ClientSettings {
  readonly timeoutMs?: number | undefined;
  readonly dispatcher?: HttpRequest['dispatcher'] | undefined;
}

/** What node-vault hands to whatever sends its requests. */
interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly signal: AbortSignal;
}

/**
 * node-vault without what it takes from its surroundings. Its own transport honours proxies of the
 * environment, knows no signal, and puts the token into its errors, so aurora's HTTP stands in for
 * it. An empty option makes it fall back to VAULT_TOKEN, VAULT_NAMESPACE and VAULT_PREFIX, so those
 * are set again afterwards; and its debug log would show what is written.
 */
export function createVaultClient(url: string, settings: ClientSettings = {}): VaultClient {
  const { timeoutMs = requestMs, dispatcher } = settings;
  const sending = { timeoutMs, ...(dispatcher === undefined ? {} : { dispatcher }) };
  const client = nodeVault({
    apiVersion: 'v1',
    endpoint: url,
    debug: () => undefined,
    'request-promise': { defaults: () => (request: OutgoingRequest) => send(request, sending) },
  });
  Object.assign(client, {
    endpoint: url.replace(/\/+$/, ''),
    token: '',
    namespace: '',
    pathPrefix: '',
  });
  // Every status is an answer here; node-vault would make errors of most of them.
  client.handleVaultResponse = async (response) => response;
  return {
    read: (path, token, signal) =>
      client.read(path, { signal, headers: token === '' ? {} : { 'X-Vault-Token': token } }),
    write: (path, data, signal) => client.write(path, data, { signal }),
  };
}

async function send(request: OutgoingRequest, sending: Sending): Promise<VaultReply> {
  const { method, uri, headers, json, signal } = request;
  const body = json === undefined ? {} : { body: json };
  const answer = await http({ method, url: uri, headers, ...body, ...sending }, signal);
  return { status: answer.status, body: parsed(answer.text) };
}

/** The text as JSON, or as it is: a proxy in between answers in its own way. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
