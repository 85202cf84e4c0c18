import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';

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
 * The guard for these keys. Every key is compared, each in constant time: how long it takes tells
 * no more than a key's length. A route that names no scope is for the key that may do everything.
 */
export function keyGuard({ apiKey, clientKeys }: ApiKeys): KeyGuard {
  const known: { readonly key: Buffer; readonly its: ReadonlySet<Scope> | 'everything' }[] = [];
  for (const [key, its] of clientKeys) known.push({ key: Buffer.from(key), its: new Set(its) });
  // Last, so that it wins over a client's key that reads the same.
  known.push({ key: Buffer.from(apiKey), its: 'everything' });
  const allowedTo = (named: string) => {
    const asked = Buffer.from(named);
    let found: ReadonlySet<Scope> | 'everything' | undefined;
    for (const { key, its } of known) {
      if (key.length === asked.length && timingSafeEqual(key, asked)) found = its;
    }
    return found;
  };
  return (authorization, scope) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw new ApiError(401, 'auth.missing', 'A bearer key is required.');
    const its = allowedTo(key);
    if (its === undefined) {
      throw new ApiError(403, 'auth.forbidden', 'This key does not open the concierge.');
    }
    if (its === 'everything' || (scope !== undefined && its.has(scope))) return;
    const missing = scope ?? 'every scope';
    throw new ApiError(403, 'auth.forbidden', `This key is not for that: it lacks ${missing}.`);
  };
}
