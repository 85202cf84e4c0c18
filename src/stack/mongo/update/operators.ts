import { fail, refuse } from '../errors.ts';
import { compareValues, identical } from '../values/compare.ts';
import { keyOf } from '../values/key.ts';
import { add, wholeNumber } from '../values/numbers.ts';
import { isDoc, isNumber, typeName, type Value } from '../values/value.ts';
import type { Change } from './write-path.ts';

/** Makes the change of one field from an operator's operand; errors in the operand show here. */
type Operator = (operand: Value, path: string) => Change;

/** Every update operator that is allowed. */
export const updateOperators: Readonly<Record<string, Operator>> = {
  $set: set,
  // The same as $set; whether it applies at all is decided by the caller.
  $setOnInsert: set,
  $unset: () => () => undefined,
  $inc: increment,
  $min: (operand) => keepIf((order) => order < 0, operand),
  $max: (operand) => keepIf((order) => order > 0, operand),
  $push: push,
  $addToSet: addToSet,
};

function set(operand: Value): Change {
  return (current) => (identical(current, operand) ? current : operand);
}

function increment(operand: Value, path: string): Change {
  if (!isNumber(operand)) fail(14, `Cannot increment with non-numeric argument: {${path}: ...}`);
  return (current) => {
    if (current === undefined) return operand;
    if (!isNumber(current)) {
      const type = typeName(current);
      fail(14, `Cannot apply $inc to a value of non-numeric type: '${path}' is of type ${type}`);
    }
    return set(add(current, operand))(current);
  };
}

function keepIf(wins: (order: number) => boolean, operand: Value): Change {
  return (current) =>
    current === undefined || wins(compareValues(operand, current)) ? operand : current;
}

function push(operand: Value, path: string): Change {
  const { items, slice } = modifiers(operand, ['$each', '$slice'], '$push');
  return (current) => {
    const joined = [...arrayAt(current, path), ...items];
    if (slice === undefined) return items.length === 0 && current !== undefined ? current : joined;
    const kept = slice < 0 ? joined.slice(slice) : joined.slice(0, slice);
    return set(kept)(current);
  };
}

function addToSet(operand: Value, path: string): Change {
  const { items } = modifiers(operand, ['$each'], '$addToSet');
  return (current) => {
    const present = arrayAt(current, path);
    const seen = new Set(present.map(keyOf));
    const fresh = items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
    return fresh.length === 0 && current !== undefined ? current : [...present, ...fresh];
  };
}

function arrayAt(current: Value | undefined, path: string): Value[] {
  if (current === undefined) return [];
  if (Array.isArray(current)) return current;
  const type = typeName(current);
  return fail(2, `The field '${path}' must be an array but is of type ${type}`);
}

function modifiers(
  operand: Value,
  allowed: readonly string[],
  operator: string,
): { items: Value[]; slice: number | undefined } {
  if (!isDoc(operand) || operand.$each === undefined) {
    return { items: [operand], slice: undefined };
  }
  for (const name of Object.keys(operand)) {
    if (!allowed.includes(name)) refuse(`the modifier ${name} of ${operator}`);
  }
  const items = operand.$each;
  if (!Array.isArray(items)) fail(14, `The argument to $each in ${operator} must be an array`);
  const slice = operand.$slice;
  return { items, slice: slice === undefined ? undefined : wholeNumber(slice, '$slice') };
}
