import type { Json } from '../base/json.ts';

/**
 * JSON with sorted keys and no spaces: equal values give equal bytes, so that digests can be
 * compared (the subset of RFC 8785 that aurora's own data needs).
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const object = value as { readonly [key: string]: Json | undefined };
    const members = Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`);
    return `{${members.join(',')}}`;
  }
  // What JSON cannot say (undefined in a list) is null, as JSON.stringify has it.
  return JSON.stringify(value) ?? 'null';
}
