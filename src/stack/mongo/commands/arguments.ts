import { Long } from 'bson';
import { fail } from '../errors.ts';
import { wholeNumber } from '../values/numbers.ts';
import { type Doc, isDoc, isNumber, type Value } from '../values/value.ts';

/** A document argument; an empty one when it was left out. */
export function docArgument(command: Doc, name: string): Doc {
  const value = command[name];
  if (value === undefined || value === null) return {};
  return isDoc(value) ? value : fail(14, `BSON field '${name}' must be an object`);
}

/** A list of documents; fails when it is missing. */
export function docsArgument(command: Doc, name: string): Doc[] {
  const value = command[name];
  if (!Array.isArray(value)) fail(14, `BSON field '${name}' must be an array`);
  return value.map((item) =>
    isDoc(item) ? item : fail(14, `BSON field '${name}' must hold only objects`),
  );
}

/** A text argument; fails when it is missing. */
export function textArgument(command: Doc, name: string): string {
  const value = command[name];
  return typeof value === 'string' ? value : fail(14, `BSON field '${name}' must be a string`);
}

/** A count of 0 or more, or undefined when it was left out. */
export function countArgument(command: Doc, name: string): number | undefined {
  const value = command[name];
  if (value === undefined || value === null) return undefined;
  const count = wholeNumber(value, name);
  return count >= 0 ? count : fail(51024, `BSON field '${name}' value must be >= 0`);
}

/** A yes or no, with what it means when it was left out. */
export function flagArgument(command: Doc, name: string, otherwise: boolean): boolean {
  const value = command[name];
  if (value === undefined || value === null) return otherwise;
  if (isNumber(value)) return wholeNumber(value, name) !== 0;
  return typeof value === 'boolean' ? value : fail(14, `BSON field '${name}' must be a boolean`);
}

/** The id of a cursor. */
export function cursorId(value: Value | undefined): bigint {
  if (value instanceof Long) return value.toBigInt();
  return isNumber(value) ? BigInt(wholeNumber(value, 'cursor id')) : fail(14, 'no cursor id');
}
