import { BSONRegExp } from 'bson';
import { fail, refuse } from '../errors.ts';
import { own } from '../values/own.ts';
import { anyLeaf, type Path, parsePath, type Test } from '../values/path.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { isOperators, valueOperators } from './operators.ts';
import { matchesPattern, orElements } from './tests.ts';

/** Whether a document is meant. */
export type Matcher = (doc: Doc) => boolean;

/** A field that must equal one of these values: what an index can look up. */
export interface Equality {
  readonly path: string;
  readonly values: readonly Value[];
  /** Whether it was given as plain equality, so that an upsert takes it over. */
  readonly single: boolean;
}

/** A filter, compiled once. */
export interface Query {
  readonly matches: Matcher;
  readonly equalities: readonly Equality[];
}

const logical = {
  $and: (parts: readonly Query[]): Matcher => allOf(parts.map((part) => part.matches)),
  $or:
    (parts: readonly Query[]): Matcher =>
    (doc) =>
      parts.some((part) => part.matches(doc)),
  $nor:
    (parts: readonly Query[]): Matcher =>
    (doc) =>
      !parts.some((part) => part.matches(doc)),
} as const;

/** Operators that are composed of others here rather than tests of one value. */
const composed = ['$not', '$elemMatch', '$all', '$options'] as const;

/** Every operator that a filter may use. */
export const queryOperators: readonly string[] = [
  ...Object.keys(logical),
  ...Object.keys(valueOperators),
  ...composed,
  '$comment',
];

/** Compiles a filter; anything outside the list is an error, never ignored. */
export function compileQuery(filter: Doc): Query {
  const matchers: Matcher[] = [];
  const equalities: Equality[] = [];
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$comment') continue;
    if (name === '$and' || name === '$or' || name === '$nor') {
      const parts = clauses(name, operand);
      matchers.push(logical[name](parts));
      const certain = name === '$and' || (name === '$or' && parts.length === 1);
      if (certain) equalities.push(...parts.flatMap((part) => part.equalities));
    } else if (name.startsWith('$')) {
      fail(
        2,
        `unknown top level operator: ${name} (docs/embedded-database.md lists what there is)`,
      );
    } else {
      matchers.push(compileField(parsePath(name), operand));
      equalities.push(...equalitiesOf(name, operand));
    }
  }
  return { matches: allOf(matchers), equalities };
}

function clauses(name: string, operand: Value): Query[] {
  if (!Array.isArray(operand) || operand.length === 0) {
    fail(2, `${name} must be a nonempty array`);
  }
  return operand.map((item) =>
    isDoc(item) ? compileQuery(item) : fail(2, `${name} needs an array of full objects`),
  );
}

function allOf(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (doc) => {
    for (const matches of matchers) if (!matches(doc)) return false;
    return true;
  };
}

function compileField(path: Path, operand: Value): Matcher {
  if (operand instanceof BSONRegExp) return leaf(path, orElements(matchesPattern(operand)));
  if (!isOperators(operand)) return compileOperator(path, '$eq', operand, {});
  return allOf(
    Object.entries(operand).map(([name, each]) => compileOperator(path, name, each, operand)),
  );
}

function leaf(path: Path, test: Test): Matcher {
  return (doc) => anyLeaf(doc, path, test);
}

function compileOperator(path: Path, name: string, operand: Value, siblings: Doc): Matcher {
  if (name === '$not') return not(compileNegated(path, operand));
  if (name === '$all') return compileAll(path, operand);
  if (name === '$elemMatch') return leaf(path, elementMatches(operand));
  if (name === '$options') return optionsOnly(siblings);
  const operator = own(valueOperators, name) ?? unknownOperator(name);
  if (path.positions.some((position) => position >= 0) && mayBeNull(name, operand)) {
    refuse(`comparing '${path.text}', a path with a position, to null`);
  }
  const test = operator.test(operand, siblings);
  // Existence is about the whole document: `$exists: false` means that no branch has the field.
  if (name === '$exists' && test(undefined)) return not(leaf(path, (value) => value !== undefined));
  const matches = leaf(path, operator.elements ? orElements(test) : test);
  return operator.negates ? not(matches) : matches;
}

function unknownOperator(name: string): never {
  return fail(2, `unknown operator: ${name} (docs/embedded-database.md lists what there is)`);
}

function mayBeNull(name: string, operand: Value): boolean {
  if (name === '$exists') return false;
  return operand === null || (Array.isArray(operand) && operand.includes(null));
}

function not(matches: Matcher): Matcher {
  return (doc) => !matches(doc);
}

function optionsOnly(siblings: Doc): Matcher {
  return '$regex' in siblings ? () => true : fail(2, '$options needs a $regex');
}

function compileNegated(path: Path, operand: Value): Matcher {
  if (operand instanceof BSONRegExp || (isOperators(operand) && Object.keys(operand).length > 0)) {
    return compileField(path, operand);
  }
  return fail(2, '$not needs a regex or a document');
}

function compileAll(path: Path, operand: Value): Matcher {
  if (!Array.isArray(operand)) fail(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  return allOf(
    operand.map((item) => {
      if (isOperators(item) && Object.keys(item).join() !== '$elemMatch') {
        fail(2, 'no $ expressions in $all');
      }
      return compileField(path, item);
    }),
  );
}

/** `$elemMatch`: one element that passes everything, as a document or as a bare value. */
function elementMatches(operand: Value): Test {
  if (!isDoc(operand)) fail(2, '$elemMatch needs an Object');
  const [first] = Object.keys(operand);
  if (first?.startsWith('$') && !(first in logical)) {
    const test = singleTest(operand);
    return (value) => Array.isArray(value) && value.some(test);
  }
  const { matches } = compileQuery(operand);
  return (value) => Array.isArray(value) && value.some((item) => isDoc(item) && matches(item));
}

/** Operators on one element: an element that is itself an array is not entered. */
function singleTest(operators: Doc): Test {
  isOperators(operators);
  const tests = Object.entries(operators).map(([name, operand]): Test => {
    if (name === '$elemMatch') return elementMatches(operand);
    if (name === '$options') return () => true;
    if (name === '$not') {
      if (operand instanceof BSONRegExp) {
        const pattern = matchesPattern(operand);
        return (value) => !pattern(value);
      }
      const inner = isOperators(operand) ? singleTest(operand) : fail(2, '$not needs a document');
      return (value) => !inner(value);
    }
    if (name === '$all') refuse('$all inside $elemMatch');
    const operator = own(valueOperators, name) ?? unknownOperator(name);
    const test = operator.test(operand, operators);
    return operator.negates ? (value) => !test(value) : test;
  });
  return (value) => tests.every((test) => test(value));
}

/** What an index can look up of one field's condition. */
function equalitiesOf(path: string, operand: Value): Equality[] {
  if (operand instanceof BSONRegExp) return [];
  if (!isOperators(operand)) return [{ path, values: [operand], single: true }];
  const { $eq, $in, $all } = operand;
  if ($eq !== undefined) return [{ path, values: [$eq], single: true }];
  if (
    Array.isArray($all) &&
    !$all.some((item) => item instanceof BSONRegExp || isOperators(item))
  ) {
    return $all.map((item) => ({ path, values: [item], single: true }));
  }
  if (!Array.isArray($in) || $in.some((item) => item instanceof BSONRegExp)) return [];
  return [{ path, values: $in, single: false }];
}
