import { fail, refuse } from '../errors.ts';
import { asNumber } from '../values/numbers.ts';
import { type Path, parsePath } from '../values/path.ts';
import { type Doc, isDoc, isNumber, type Value } from '../values/value.ts';

/** An index as it was asked for. */
export interface IndexSpec {
  readonly name: string;
  readonly key: Doc;
  readonly paths: readonly Path[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly expireAfterSeconds: number | undefined;
}

/** The fields of an index specification that are honoured, or mean nothing here. */
export const indexOptions = [
  'key',
  'name',
  'unique',
  'sparse',
  'expireAfterSeconds',
  'background',
  'v',
] as const;

const longestExpiry = 2_147_483_647;

/** The index that every collection has. */
export const idIndex: IndexSpec = {
  name: '_id_',
  key: { _id: 1 },
  paths: [parsePath('_id')],
  unique: true,
  sparse: false,
  expireAfterSeconds: undefined,
};

/** Reads one specification of `createIndexes`. */
export function readIndexSpec(value: Value): IndexSpec {
  if (!isDoc(value) || !isDoc(value.key)) fail(67, 'an index needs a key document');
  for (const option of Object.keys(value)) {
    if (!indexOptions.some((known) => known === option)) refuse(`the index option '${option}'`);
  }
  const key = value.key;
  const paths = Object.entries(key).map(([name, direction]) => indexedPath(name, direction));
  if (paths.length === 0) fail(67, 'Index keys cannot be an empty object');
  const name = value.name;
  if (typeof name !== 'string' || name === '') fail(9, 'an index needs a name');
  const expireAfterSeconds = expiry(value.expireAfterSeconds, key);
  const { unique, sparse } = value;
  return { name, key, paths, unique: isTrue(unique), sparse: isTrue(sparse), expireAfterSeconds };
}

/** The specification as `listIndexes` shows it. */
export function describeIndex(spec: IndexSpec): Doc {
  return {
    v: 2,
    key: spec.key,
    name: spec.name,
    ...(spec.unique && spec !== idIndex ? { unique: true } : {}),
    ...(spec.sparse ? { sparse: true } : {}),
    ...(spec.expireAfterSeconds === undefined
      ? {}
      : { expireAfterSeconds: spec.expireAfterSeconds }),
  };
}

function indexedPath(name: string, direction: Value): Path {
  if (typeof direction === 'string') refuse(`an index of type '${direction}'`);
  const number = isNumber(direction) ? asNumber(direction) : 0;
  if (number !== 1 && number !== -1) fail(67, `Values in the index key pattern must be 1 or -1`);
  if (name.startsWith('$') || name.includes('$**')) refuse(`the index field '${name}'`);
  return parsePath(name);
}

function isTrue(value: Value | undefined): boolean {
  return value === true || (isNumber(value) && asNumber(value) !== 0);
}

function expiry(value: Value | undefined, key: Doc): number | undefined {
  if (value === undefined) return undefined;
  const seconds = isNumber(value) ? asNumber(value) : Number.NaN;
  if (!(seconds >= 0 && seconds <= longestExpiry)) {
    fail(67, `TTL index 'expireAfterSeconds' must be a number within 0 to ${longestExpiry}`);
  }
  if (Object.keys(key).length !== 1 || '_id' in key) {
    fail(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  return seconds;
}
