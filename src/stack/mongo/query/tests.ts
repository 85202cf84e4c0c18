import { BSONRegExp, ObjectId } from 'bson';
import { fail } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { keyOf } from '../values/key.ts';
import { compareNumbers, exact } from '../values/numbers.ts';
import type { Test } from '../values/path.ts';
import { isNumber, type NumberValue, rankOf, type Value } from '../values/value.ts';
import { toRegExp } from './regex.ts';

/** Equality with one value. A missing value equals null. */
export function equals(operand: Value): Test {
  if (operand === null) return (value) => value === undefined || value === null;
  if (typeof operand === 'string' || typeof operand === 'boolean') {
    return (value) => value === operand;
  }
  if (isNumber(operand)) return equalsNumber(operand);
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && value.getTime() === time;
  }
  if (operand instanceof ObjectId) {
    return (value) => value instanceof ObjectId && value.equals(operand);
  }
  const key = keyOf(operand);
  const place = rankOf(operand);
  return (value) => rankOf(value) === place && keyOf(value) === key;
}

function equalsNumber(operand: NumberValue): Test {
  const number = exact(operand);
  return (value) =>
    value === number ||
    (isNumber(value) && typeof value !== 'string' && compareNumbers(value, operand) === 0);
}

/** What an order must be for a comparison to hold. */
const holds = {
  $gt: (order: number) => order > 0,
  $gte: (order: number) => order >= 0,
  $lt: (order: number) => order < 0,
  $lte: (order: number) => order <= 0,
} as const;

/** A comparison; only values of the operand's own type are compared. */
export function compares(name: keyof typeof holds, operand: Value): Test {
  if (operand instanceof BSONRegExp) fail(2, `Can't have RegEx as arg to predicate over field`);
  const inclusive = name === '$gte' || name === '$lte';
  if (operand === null) return inclusive ? equals(null) : () => false;
  if (isNumber(operand) && Number.isNaN(exact(operand))) {
    return inclusive ? equals(operand) : () => false;
  }
  if (operand instanceof Date) return comparesDate(name, operand.getTime());
  const place = rankOf(operand);
  const check = holds[name];
  return (value) =>
    rankOf(value) === place && !isNan(value) && check(compareValues(value, operand));
}

function comparesDate(name: keyof typeof holds, time: number): Test {
  const check = holds[name];
  return (value) => value instanceof Date && check(value.getTime() - time);
}

/** NaN is ordered before all numbers when sorting, but never smaller or greater in a query. */
function isNan(value: Value | undefined): boolean {
  return isNumber(value) && Number.isNaN(exact(value));
}

/** A regular expression; only strings match. */
export function matchesPattern(expression: BSONRegExp): Test {
  const compiled = toRegExp(expression);
  return (value) => typeof value === 'string' && compiled.test(value);
}

/** Equality with any of several values, regular expressions among them. */
export function isOneOf(operand: Value, name: string): Test {
  if (!Array.isArray(operand)) fail(2, `${name} needs an array`);
  const patterns: Test[] = [];
  const keys = new Set<unknown>();
  for (const item of operand) {
    if (item instanceof BSONRegExp) patterns.push(matchesPattern(item));
    else keys.add(keyOf(item));
  }
  return (value) => keys.has(keyOf(value)) || patterns.some((test) => test(value));
}

/** The test, also of the elements when the value is an array. */
export function orElements(test: Test): Test {
  return (value) => test(value) || (Array.isArray(value) && value.some(test));
}
