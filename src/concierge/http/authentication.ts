import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { sha256 } from '../ids.ts';

/**
 * A function that lets a request's `Authorization` header pass or throws 401 (none) or 403 (wrong).
 * Compared as hashes in constant time, so that the answer's timing tells nothing about the key.
 */
export function keyGuard(apiKey: string): (authorization: string | undefined) => void {
  const expected = Buffer.from(sha256(apiKey));
  return (authorization) => {
    const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw new ApiError(401, 'auth.missing', 'A bearer key is required.');
    if (!timingSafeEqual(Buffer.from(sha256(key)), expected)) {
      throw new ApiError(403, 'auth.forbidden', 'This key does not open the concierge.');
    }
  };
}
