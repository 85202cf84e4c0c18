import { ApiError } from '../errors.ts';
import { sha256 } from '../ids.ts';

/** What a key may do; each endpoint of the API asks for one. */
export const scopes = [
  'products:read',
  'orders:read',
  'returns:write',
  'capsule:write',
  'stylist:write',
  'csat:write',
  'shortlist:write',
  'inspiration:write',
  'subscriptions:write',
  'conversation:write',
] as const;
export type Scope = (typeof scopes)[number];

/** The keys that clients may hold. */
export interface ApiKeys {
  /** May do everything. */
  readonly apiKey: string;
  /** Keys of clients that may do less. */
  readonly clientKeys: ReadonlyMap<string, readonly Scope[]>;
}

/** Lets a request's `Authorization` pass, or throws 401 (no key) or 403 (wrong, or not for this). */
export type KeyGuard = (authorization: string | undefined, scope: Scope | undefined) => void;

/**
 * The guard for these keys. Keys are looked up by their hashes: what a comparison may tell by its
 * timing is about a digest, which nobody can choose. A route that names no scope is for the key
 * that may do everything.
 */
export function keyGuard({ apiKey, clientKeys }: ApiKeys): KeyGuard {
  const allowed = new Map<string, ReadonlySet<Scope> | 'everything'>();
  for (const [key, its] of clientKeys) allowed.set(sha256(key), new Set(its));
  allowed.set(sha256(apiKey), 'everything');
  return (authorization, scope) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw new ApiError(401, 'auth.missing', 'A bearer key is required.');
    const its = allowed.get(sha256(key));
    if (its === undefined) {
      throw new ApiError(403, 'auth.forbidden', 'This key does not open the concierge.');
    }
    if (its === 'everything' || (scope !== undefined && its.has(scope))) return;
    const missing = scope ?? 'every scope';
    throw new ApiError(403, 'auth.forbidden', `This key is not for that: it lacks ${missing}.`);
  };
}
