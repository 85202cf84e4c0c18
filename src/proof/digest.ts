import { createHash } from 'node:crypto';
import type { Json } from '../base/json.ts';
import { canonicalJson } from './canonical.ts';

/** SHA-256 of bytes or UTF-8 text, 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of a JSON value in canonical form. */
export function digestJson(value: Json): string {
  return sha256(canonicalJson(value));
}

/** The first twelve digits: enough for people to tell builds apart. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
