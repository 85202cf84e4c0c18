import { Binary, ObjectId } from 'bson';
import { exact } from './numbers.ts';
import { type Doc, isNumber, type Value } from './value.ts';

/** A Map key that is the same for two values exactly when MongoDB calls them equal. */
export type Key = string | number | bigint | boolean | null;

/** Marks keys that are not the text of a string value. */
const mark = '\u0000';

/** The key of a value. Missing counts as null, as it does in an index. */
export function keyOf(value: Value | undefined): Key {
  if (typeof value === 'string') return value.startsWith(mark) ? `${mark}s${value}` : value;
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (isNumber(value)) return numberKey(exact(value));
  // One flat string of 14 bytes: there is one for every document.
  if (value instanceof ObjectId) return String.fromCharCode(0, 111, ...value.id);
  if (value instanceof Date) return `${mark}d${value.getTime()}`;
  if (value instanceof Binary) return `${mark}b${value.sub_type}:${value.toString('base64')}`;
  if (Array.isArray(value)) return `${mark}[${value.map(keyText).join(',')}]`;
  return `${mark}{${Object.entries(value as Doc)
    .map(([name, item]) => `${JSON.stringify(name)}${keyText(item)}`)
    .join(',')}}`;
}

/** A double beyond 2^53 equals a 64-bit integer of the same value, so both become a bigint. */
function numberKey(value: number | bigint): Key {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? BigInt(value)
    : value;
}

/** The key as unambiguous text, for composing keys of several values. */
export function keyText(value: Value | undefined): string {
  const key = keyOf(value);
  if (typeof key === 'string') return `${key.length}"${key}`;
  // 0 and -0 are equal, and so must their texts be.
  return key === 0 ? 'n0' : `${typeof key === 'object' ? '' : typeof key}${String(key)}`;
}
