import { fail, refuse } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { asDouble, asNumber, Sum, subtract } from '../values/numbers.ts';
import { own } from '../values/own.ts';
import { field, parsePath } from '../values/path.ts';
import { type Doc, isDoc, isNumber, rank, rankOf, typeName, type Value } from '../values/value.ts';

/** Computes a value from a document; undefined is a missing one. */
export type Expression = (doc: Doc) => Value | undefined;

type Compiler = (operand: Value) => Expression;

/** Every expression operator that is allowed. */
export const expressionOperators: Readonly<Record<string, Compiler>> = {
  $literal: (operand) => () => operand,
  $cond: cond,
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $and: (operand) => {
    const parts = list(operand);
    return (doc) => parts.every((part) => isTrue(part(doc)));
  },
  $or: (operand) => {
    const parts = list(operand);
    return (doc) => parts.some((part) => isTrue(part(doc)));
  },
  $not: (operand) => {
    const [part] = exactly(1, '$not', operand);
    return (doc) => !isTrue(part?.(doc));
  },
  $divide: (operand) => arithmetic('$divide', operand, divide),
  $subtract: (operand) => arithmetic('$subtract', operand, minus),
  $sum: sum,
};

/** Compiles an expression: a field path, an operator, a document of expressions or a constant. */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return fieldPath(source);
  if (Array.isArray(source)) {
    const parts = source.map(compileExpression);
    return (doc) => parts.map((part) => part(doc) ?? null);
  }
  if (!isDoc(source)) return () => source;
  const [name] = Object.keys(source);
  return name?.startsWith('$') ? operatorCall(name, source) : documentOf(source);
}

function operatorCall(name: string, source: Doc): Expression {
  const compiler = own(expressionOperators, name);
  if (Object.keys(source).length !== 1) {
    fail(15983, 'An object representing an expression must have exactly one field');
  }
  if (compiler === undefined) fail(168, `Unrecognized expression '${name}'`);
  return compiler(source[name] ?? null);
}

function documentOf(source: Doc): Expression {
  const parts = Object.entries(source).map(([name, value]) => {
    if (name.includes('.')) fail(40235, `FieldPath field names may not contain '.': ${name}`);
    return [name, compileExpression(value)] as const;
  });
  return (doc) => {
    const result: Doc = {};
    for (const [name, part] of parts) {
      const value = part(doc);
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

function fieldPath(source: string): Expression {
  if (source.startsWith('$$')) refuse(`the variable ${source}`);
  const { parts } = parsePath(source.slice(1));
  if (parts.some((part) => part.startsWith('$'))) {
    fail(16872, `FieldPath field names may not start with '$': ${source}`);
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return (doc) => field(doc, only);
  return (doc) => walk(doc, parts, 0);
}

/** Arrays on the way give the array of what their elements have. */
function walk(
  value: Value | undefined,
  parts: readonly string[],
  depth: number,
): Value | undefined {
  const name = parts[depth];
  if (name === undefined || value === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((item) => walk(item, parts, depth)).filter((item) => item !== undefined);
  }
  return isDoc(value) ? walk(field(value, name), parts, depth + 1) : undefined;
}

function list(operand: Value): Expression[] {
  return (Array.isArray(operand) ? operand : [operand]).map(compileExpression);
}

function exactly(count: number, name: string, operand: Value): Expression[] {
  const parts = list(operand);
  if (parts.length !== count) {
    fail(16020, `Expression ${name} takes exactly ${count} arguments. ${parts.length} given`);
  }
  return parts;
}

/** False, null, missing and zero are false; everything else is true, empty strings too. */
export function isTrue(value: Value | undefined): boolean {
  if (isNumber(value)) return asNumber(value) !== 0;
  return value !== undefined && value !== null && value !== false;
}

function comparison(holds: (order: number) => boolean): Compiler {
  return (operand) => {
    const [left, right] = exactly(2, 'comparison', operand);
    return (doc) => holds(compareValues(left?.(doc), right?.(doc)));
  };
}

function cond(operand: Value): Expression {
  const parts = isDoc(operand) ? namedParts(operand) : exactly(3, '$cond', operand);
  const [test, yes, no] = parts;
  return (doc) => (isTrue(test?.(doc)) ? yes?.(doc) : no?.(doc));
}

function namedParts(operand: Doc): Expression[] {
  const names = ['if', 'then', 'else'];
  if (Object.keys(operand).some((name) => !names.includes(name))) {
    fail(17083, `Unrecognized parameter to $cond`);
  }
  return names.map((name) =>
    name in operand
      ? compileExpression(operand[name] ?? null)
      : fail(17080, `Missing '${name}' parameter to $cond`),
  );
}

function arithmetic(
  name: string,
  operand: Value,
  apply: (a: Value, b: Value) => Value,
): Expression {
  const [left, right] = exactly(2, name, operand);
  return (doc) => {
    const a = left?.(doc) ?? null;
    const b = right?.(doc) ?? null;
    return a === null || b === null ? null : apply(a, b);
  };
}

function divide(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) return unfit('$divide', a, b);
  if (asNumber(b) === 0) fail(2, "can't $divide by zero");
  return asDouble(asNumber(a) / asNumber(b));
}

function minus(a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) return subtract(a, b);
  if (a instanceof Date || b instanceof Date) refuse('$subtract of dates');
  return unfit('$subtract', a, b);
}

function unfit(name: string, a: Value, b: Value): never {
  return fail(14, `${name} only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
}

/** The sum of several values, or of the elements of the only one. Other types are left out. */
function sum(operand: Value): Expression {
  const parts = list(operand);
  return (doc) => {
    const values = parts.map((part) => part(doc));
    const [only] = values;
    const items = values.length === 1 && Array.isArray(only) ? only : values;
    const total = new Sum();
    for (const item of items) if (rankOf(item) === rank.number && isNumber(item)) total.add(item);
    return total.result();
  };
}
