import { Binary, BSONRegExp, Double, Long, ObjectId } from 'bson';

/**
 * A value as the server holds it. A JavaScript number is an int32 when it is an integer in that
 * range (and not -0), otherwise a double: exactly what the BSON encoder writes for it. Doubles that
 * would be taken for an int32 stay wrapped, so that no type is lost between two clients.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | ObjectId
  | Long
  | Double
  | Binary
  | BSONRegExp
  | Doc
  | Value[];

/** A document. Stored ones are never changed in place, so they may be shared. */
export interface Doc {
  [key: string]: Value;
}

/** A number in any of its three BSON forms. */
export type NumberValue = number | Long | Double;

/** Where each type stands in BSON's order; a missing value stands before null. */
export const rank = {
  missing: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  regex: 50,
} as const;

/** The type's place in BSON's order. */
export function rankOf(value: Value | undefined): number {
  switch (typeof value) {
    case 'string':
      return rank.string;
    case 'number':
      return rank.number;
    case 'boolean':
      return rank.boolean;
    case 'undefined':
      return rank.missing;
    default:
      return value === null ? rank.null : rankOfObject(value);
  }
}

function rankOfObject(value: object): number {
  if (Array.isArray(value)) return rank.array;
  if (value instanceof Date) return rank.date;
  if (value instanceof ObjectId) return rank.objectId;
  if (value instanceof Long || value instanceof Double) return rank.number;
  if (value instanceof Binary) return rank.binary;
  return value instanceof BSONRegExp ? rank.regex : rank.object;
}

/** Whether it is a document: no array, no scalar. */
export function isDoc(value: Value | undefined): value is Doc {
  return typeof value === 'object' && value !== null && rankOfObject(value) === rank.object;
}

/** Whether it is a number in any form. */
export function isNumber(value: Value | undefined): value is NumberValue {
  return typeof value === 'number' || value instanceof Long || value instanceof Double;
}

/** The name that MongoDB's messages use for a type. */
export function typeName(value: Value | undefined): string {
  switch (rankOf(value)) {
    case rank.missing:
      return 'missing';
    case rank.number:
      return numberName(value as NumberValue);
    case rank.boolean:
      return 'bool';
    case rank.binary:
      return 'binData';
    default:
      return Object.entries(rank).find(([, place]) => place === rankOf(value))?.[0] ?? 'unknown';
  }
}

function numberName(value: NumberValue): string {
  if (value instanceof Long) return 'long';
  return isInt32(value) ? 'int' : 'double';
}

/** Whether the number is held as an int32. */
export function isInt32(value: NumberValue): value is number {
  return typeof value === 'number' && (value | 0) === value && !Object.is(value, -0);
}
