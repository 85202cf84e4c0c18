import { AuroraError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import { field, refusal } from './vault-answers.ts';
import type { VaultClient, VaultReply } from './vault-client.ts';

/** How aurora proves who it is. */
export type VaultAuth = { readonly token: Secret } | AppRoleAuth;

interface AppRoleAuth {
  readonly roleId: Secret;
  readonly secretId: Secret;
}

/** Holds the token: a given one, or one that an AppRole login gave, on first use. */
export class VaultLogin {
  readonly #client: VaultClient;
  readonly #auth: VaultAuth;
  readonly #label: string;
  #token: Secret | undefined;
  #pending: Promise<Secret> | undefined;

  constructor(client: VaultClient, auth: VaultAuth, label: string) {
    this.#client = client;
    this.#auth = auth;
    this.#label = label;
  }

  /**
   * Makes a request with the token. When it is turned down, and an AppRole can get another one, it is
   * made once more: tokens expire.
   */
  async use(
    signal: AbortSignal,
    request: (token: string) => Promise<VaultReply>,
  ): Promise<VaultReply> {
    if ('token' in this.#auth) return await request(this.#auth.token.reveal());
    const token = await this.#tokenOf(this.#auth, signal);
    const reply = await request(token.reveal());
    if (reply.status !== 403) return reply;
    // Somebody else may have logged in meanwhile: only the token that was turned down goes.
    if (this.#token === token) this.#token = undefined;
    const next = await this.#tokenOf(this.#auth, signal);
    return await request(next.reveal());
  }

  async #tokenOf(auth: AppRoleAuth, signal: AbortSignal): Promise<Secret> {
    if (this.#token !== undefined) return this.#token;
    signal.throwIfAborted();
    // Shared by everyone who waits, so it must not end with the first one's signal; it has the
    // deadline of a request.
    this.#pending ??= this.#logIn(auth).finally(() => {
      this.#pending = undefined;
    });
    return await untilAborted(this.#pending, signal);
  }

  async #logIn(auth: AppRoleAuth): Promise<Secret> {
    const pair = { role_id: auth.roleId.reveal(), secret_id: auth.secretId.reveal() };
    const path = 'auth/approle/login';
    const where = `${this.#label} ${path}`;
    const reply = await this.#client.write(path, pair, new AbortController().signal);
    if (reply.status === 400 || reply.status === 403) {
      throw new AuroraError('SERVICE_REFUSED', 'the AppRole login was refused', {
        where,
        remedy: `Check ${auth.roleId.source} and ${auth.secretId.source}: a secret id may be used up or expired.`,
      });
    }
    if (reply.status !== 200) throw refusal(reply, where);
    const token = field(field(reply.body, 'auth'), 'client_token');
    if (typeof token !== 'string' || token === '') {
      throw new AuroraError('SERVICE_ANSWER_INVALID', 'the login gave no token', { where });
    }
    this.#token = new Secret(token, 'vault:auth/approle/login');
    return this.#token;
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
