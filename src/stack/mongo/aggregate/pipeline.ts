import { fail, refuse } from '../errors.ts';
import { compileQuery } from '../query/compile.ts';
import { compileProjection, isFlag } from '../query/projection.ts';
import { sortDocs } from '../query/sort.ts';
import { wholeNumber } from '../values/numbers.ts';
import { own } from '../values/own.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { compileExpression, type Expression, expressionOperators } from './expression.ts';
import { compileGroup } from './group.ts';

/** Turns the documents of one stage into those of the next. */
export type Stage = (docs: readonly Doc[]) => readonly Doc[];

/** Every pipeline stage that is allowed. */
export const stages: Readonly<Record<string, (spec: Value) => Stage>> = {
  $match: (spec) => {
    const { matches } = compileQuery(asDoc(spec, '$match'));
    return (docs) => docs.filter(matches);
  },
  $group: compileGroup,
  $sort: (spec) => {
    const keys = asDoc(spec, '$sort');
    if (Object.keys(keys).length === 0) fail(15976, '$sort stage must have at least one sort key');
    return (docs) => sortDocs(docs, keys);
  },
  $limit: (spec) => {
    const limit = wholeNumber(spec, 'the limit');
    if (limit <= 0) fail(15958, 'the limit must be positive');
    return (docs) => docs.slice(0, limit);
  },
  $skip: (spec) => {
    const skip = wholeNumber(spec, 'the argument to $skip');
    if (skip < 0) fail(15956, 'Argument to $skip cannot be negative');
    return (docs) => docs.slice(skip);
  },
  $count: (spec) => {
    if (typeof spec !== 'string' || spec === '' || /^\$|\./.test(spec)) {
      fail(40156, 'the count field must be a non-empty string without $ and dots');
    }
    // Of nothing it gives nothing, not a zero.
    return (docs) => (docs.length === 0 ? [] : [{ [spec]: docs.length }]);
  },
  $project: project,
};

/** Compiles a pipeline; an unknown stage is an error. */
export function compilePipeline(pipeline: readonly Value[]): Stage[] {
  return pipeline.map((stage) => {
    const [name, ...others] = isDoc(stage) ? Object.keys(stage) : [];
    if (!isDoc(stage) || name === undefined || others.length > 0) {
      fail(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    if (name === '$changeStream') {
      fail(40573, 'The $changeStream stage is only supported on replica sets');
    }
    const compile = own(stages, name);
    if (compile === undefined) fail(40324, `Unrecognized pipeline stage name: '${name}'`);
    return compile(stage[name] ?? null);
  });
}

function asDoc(spec: Value, name: string): Doc {
  return isDoc(spec) ? spec : fail(15959, `the ${name} specification must be an object`);
}

/** Fields kept or left out, and fields computed at the top level. */
function project(spec: Value): Stage {
  const all = Object.entries(asDoc(spec, '$project'));
  if (all.length === 0) fail(51272, '$project must have at least one field');
  const flags = all.filter(([, value]) => isFlag(value));
  const computed = all.filter(([, value]) => !isFlag(value));
  if (computed.length === 0) {
    const shape = compileProjection(Object.fromEntries(flags));
    return (docs) => docs.map(shape);
  }
  const parts = computed.map(([name, value]) => {
    if (name.includes('.')) refuse(`the computed path '${name}' in $project`);
    if (isDoc(value) && !Object.keys(value)[0]?.startsWith('$')) {
      refuse(`the nested specification of '${name}' in $project`);
    }
    const [operator] = isDoc(value) ? Object.keys(value) : [];
    if (operator !== undefined && !Object.hasOwn(expressionOperators, operator)) {
      fail(31325, `Invalid $project :: caused by :: Unknown expression ${operator}`);
    }
    return [name, compileExpression(value)] as const;
  });
  // Computing a field makes it an inclusion, so that nothing else is kept unless named.
  const kept = { [impossibleName]: 1, ...Object.fromEntries(flags) };
  const shape = compileProjection(
    '_id' in Object.fromEntries(computed) ? { ...kept, _id: 0 } : kept,
  );
  return (docs) =>
    docs.map((doc) => ({ ...idFirst(parts, doc), ...shape(doc), ...rest(parts, doc) }));
}

/** No stored field can have it: BSON names end at NUL. */
const impossibleName = '\0';

type Part = readonly [string, Expression];

function idFirst(parts: readonly Part[], doc: Doc): Doc {
  return compute(
    parts.filter(([name]) => name === '_id'),
    doc,
  );
}

function rest(parts: readonly Part[], doc: Doc): Doc {
  return compute(
    parts.filter(([name]) => name !== '_id'),
    doc,
  );
}

function compute(parts: readonly Part[], doc: Doc): Doc {
  const result: Doc = {};
  for (const [name, part] of parts) {
    const value = part(doc);
    if (value !== undefined) result[name] = value;
  }
  return result;
}
