import {
  Binary,
  BSONRegExp,
  type Double,
  deserialize,
  type Int32,
  type Long,
  type ObjectId,
} from 'bson';
import { fail, refuse } from '../errors.ts';
import { intern } from './intern.ts';
import { asDouble } from './numbers.ts';
import { type Doc, isDoc, type Value } from './value.ts';

/** Levels of nesting that MongoDB allows in a message. */
const deepest = 180;

/** Reads BSON bytes into the server's own form; refuses the types that it does not know. */
export function decode(bytes: Uint8Array): Doc {
  let raw: unknown;
  try {
    raw = deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
  } catch (error) {
    fail(22, `invalid BSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return plain(raw, 0) as Doc;
}

function plain(value: unknown, depth: number): Value {
  if (depth > deepest) fail(15, `BSON nested deeper than ${deepest} levels`);
  if (typeof value === 'string') return intern(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') refuse(`the BSON type ${typeof value}`);
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? refuse('a date outside of JavaScript dates') : value;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = plain(value[i], depth + 1);
    return value;
  }
  return '_bsontype' in value ? plainBson(value as { _bsontype: unknown }) : fields(value, depth);
}

/** Changes the freshly read object in place: nobody else holds it yet. */
function fields(value: object, depth: number): Doc {
  const doc = value as Doc;
  for (const name of Object.keys(doc)) {
    if (name === '__proto__') refuse('a field named __proto__');
    doc[name] = plain(doc[name], depth + 1);
  }
  return doc;
}

function plainBson(value: { _bsontype: unknown }): Value {
  switch (value._bsontype) {
    case 'Int32':
      return (value as unknown as Int32).value;
    case 'Double':
      return asDouble((value as unknown as Double).value);
    case 'Binary': {
      const binary = value as unknown as Binary;
      // A copy, since the bytes are a window on the whole message.
      return new Binary(Uint8Array.from(binary.value()), binary.sub_type);
    }
    // By name: a Timestamp is an instance of Long as well, and is not one.
    case 'Long':
      return value as unknown as Long;
    case 'ObjectId':
      return value as unknown as ObjectId;
    case 'BSONRegExp':
      return value as unknown as BSONRegExp;
    default:
      return refuse(`the BSON type ${String(value._bsontype)}`);
  }
}

/** Refuses a document that could not be queried reliably once stored. */
export function assertStorable(doc: Doc): void {
  for (const name of Object.keys(doc)) {
    if (name.startsWith('$')) {
      fail(52, `The dollar ($) prefixed field '${name}' is not allowed in stored documents`);
    }
    if (name.includes('.')) {
      fail(57, `The dotted field '${name}' is not allowed in stored documents`);
    }
    assertStorableValue(doc[name]);
  }
}

/** The same for one value. */
export function assertStorableValue(value: Value | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof BSONRegExp) refuse('storing a regular expression');
  if (Array.isArray(value)) value.forEach(assertStorableValue);
  else if (isDoc(value)) assertStorable(value);
}
