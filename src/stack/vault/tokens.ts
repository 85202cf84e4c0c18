import { randomBytes, randomUUID } from 'node:crypto';

/** A token and what it may do. */
export interface Token {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  /** Where it came from: `auth/token/create`, `auth/approle/login`. */
  readonly path: string;
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly createdAt: number;
  /** Seconds; 0: it does not expire. */
  ttl: number;
  /** Milliseconds since the epoch; Infinity: never. */
  expiresAt: number;
}

/** What is asked for when a token is made. */
export interface TokenRequest {
  readonly policies: readonly string[];
  readonly path: string;
  readonly displayName: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Seconds; 0: it does not expire. */
  readonly ttl: number;
  /** Chosen by the caller; random when left out. */
  readonly id?: string;
}

/** The tokens that are valid now. */
export class Tokens {
  readonly #tokens = new Map<string, Token>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(request: TokenRequest): Token {
    const now = this.#now();
    const token: Token = {
      id: request.id ?? `hvs.${randomBytes(24).toString('base64url')}`,
      accessor: randomUUID().replaceAll('-', '').slice(0, 24),
      policies: [...new Set(request.policies)].sort(),
      path: request.path,
      displayName: request.displayName,
      metadata: request.metadata ?? null,
      createdAt: now,
      ttl: request.ttl,
      expiresAt: request.ttl === 0 ? Infinity : now + request.ttl * 1_000,
    };
    this.#tokens.set(token.id, token);
    return token;
  }

  /** Undefined for a token that is unknown, expired or revoked. */
  find(id: string): Token | undefined {
    const token = this.#tokens.get(id);
    if (token !== undefined && token.expiresAt <= this.#now()) {
      this.#tokens.delete(id);
      return undefined;
    }
    return token;
  }

  renew(token: Token): void {
    if (token.ttl > 0) token.expiresAt = this.#now() + token.ttl * 1_000;
  }

  revoke(id: string): void {
    this.#tokens.delete(id);
  }

  /** Seconds left; 0 for a token that does not expire. */
  left(token: Token): number {
    return token.ttl === 0 ? 0 : Math.ceil((token.expiresAt - this.#now()) / 1_000);
  }
}
