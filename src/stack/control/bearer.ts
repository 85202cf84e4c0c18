import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Whether an `Authorization` header carries this bearer token: `missing` without one, `forbidden`
 * with another. Takes the same time however much of the token is right.
 */
export function checkBearer(
  header: string | undefined,
  token: string,
): 'ok' | 'missing' | 'forbidden' {
  const match = /^Bearer +(\S+)$/i.exec(header ?? '');
  if (match?.[1] === undefined) return 'missing';
  return timingSafeEqual(digest(match[1]), digest(token)) ? 'ok' : 'forbidden';
}
