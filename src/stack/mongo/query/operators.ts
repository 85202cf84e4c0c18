import { BSONRegExp } from 'bson';
import { fail, refuse } from '../errors.ts';
import { asNumber } from '../values/numbers.ts';
import type { Test } from '../values/path.ts';
import { type Doc, isDoc, isNumber, type Value } from '../values/value.ts';
import { compares, equals, isOneOf, matchesPattern } from './tests.ts';

/** One operator of a field. */
interface Operator {
  /** The test of one value. `siblings` is the operator document it stands in. */
  test(operand: Value, siblings: Doc): Test;
  /** Whether the elements of an array are tested as well as the array. */
  readonly elements: boolean;
  /** Whether the whole result is turned round. */
  readonly negates: boolean;
}

const positive = { elements: true, negates: false } as const;
const negative = { elements: true, negates: true } as const;
const whole = { elements: false, negates: false } as const;

/** Operators that test one value. `$all`, `$elemMatch` and `$not` are composed in `compile.ts`. */
export const valueOperators: Readonly<Record<string, Operator>> = {
  $eq: { ...positive, test: equalsOrRefuse },
  $ne: { ...negative, test: equalsOrRefuse },
  $gt: { ...positive, test: (operand) => compares('$gt', operand) },
  $gte: { ...positive, test: (operand) => compares('$gte', operand) },
  $lt: { ...positive, test: (operand) => compares('$lt', operand) },
  $lte: { ...positive, test: (operand) => compares('$lte', operand) },
  $in: { ...positive, test: (operand) => isOneOf(operand, '$in') },
  $nin: { ...negative, test: (operand) => isOneOf(operand, '$nin') },
  $exists: { ...whole, test: exists },
  $size: { ...whole, test: size },
  $regex: { ...positive, test: regex },
};

function equalsOrRefuse(operand: Value): Test {
  return operand instanceof BSONRegExp
    ? refuse('equality with a regular expression')
    : equals(operand);
}

function exists(operand: Value): Test {
  const wanted = isNumber(operand)
    ? asNumber(operand) !== 0
    : operand !== false && operand !== null;
  if (wanted) return (value) => value !== undefined;
  return (value) => value === undefined;
}

function size(operand: Value): Test {
  const length = isNumber(operand) ? asNumber(operand) : Number.NaN;
  if (!Number.isInteger(length) || length < 0) fail(2, '$size must be a whole number, 0 or more');
  return (value) => Array.isArray(value) && value.length === length;
}

function regex(operand: Value, siblings: Doc): Test {
  const options = siblings.$options;
  if (options !== undefined && typeof options !== 'string') fail(2, '$options has to be a string');
  if (operand instanceof BSONRegExp) {
    if (options !== undefined && operand.options !== '') fail(51091, 'options set in both places');
    return matchesPattern(new BSONRegExp(operand.pattern, options ?? operand.options));
  }
  if (typeof operand !== 'string') fail(2, '$regex has to be a string');
  return matchesPattern(new BSONRegExp(operand, options ?? ''));
}

/** Whether a value is a document of operators, such as `{ $gt: 1 }`; mixtures are an error. */
export function isOperators(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const names = Object.keys(value);
  const operators = names.filter((name) => name.startsWith('$'));
  if (names[0]?.startsWith('$') !== true) return false;
  if (operators.length !== names.length) {
    fail(2, `unknown operator: ${names.find((name) => !name.startsWith('$'))}`);
  }
  return true;
}
