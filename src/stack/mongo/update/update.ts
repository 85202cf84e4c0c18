import { fail, refuse } from '../errors.ts';
import type { Query } from '../query/compile.ts';
import { identical } from '../values/compare.ts';
import { assertStorable, assertStorableValue } from '../values/decode.ts';
import { keyOf } from '../values/key.ts';
import { own } from '../values/own.ts';
import { type Path, parsePath } from '../values/path.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { updateOperators } from './operators.ts';
import { type Change, writePath } from './write-path.ts';

/** An update, compiled once and applied to any number of documents. */
export interface Update {
  /** The changed document; the same one when nothing changes. `_id` never does. */
  apply(doc: Doc): Doc;
  /** The document to insert when nothing matched; it may still lack an `_id`. */
  insertion(query: Query): Doc;
  /** Whether the whole document is replaced. */
  readonly replaces: boolean;
}

interface Step {
  readonly path: Path;
  readonly change: Change;
  readonly onlyOnInsert: boolean;
}

/** Compiles an update document: operators, or a whole replacement. */
export function compileUpdate(update: Value | undefined): Update {
  if (Array.isArray(update)) refuse('an update given as a pipeline');
  if (!isDoc(update)) fail(9, 'Update argument must be an object');
  const [first] = Object.keys(update);
  return first?.startsWith('$') ? operatorUpdate(update) : replacement(update);
}

function replacement(doc: Doc): Update {
  assertStorable(doc);
  const over = (id: Value | undefined): Doc => {
    const { _id: own, ...rest } = doc;
    if (own !== undefined && id !== undefined && keyOf(own) !== keyOf(id)) {
      fail(66, "the (immutable) field '_id' was found to have been altered");
    }
    const kept = id ?? own;
    return kept === undefined ? rest : { _id: kept, ...rest };
  };
  return {
    replaces: true,
    apply: (old) => {
      const next = over(old._id);
      return identical(next, old) ? old : next;
    },
    insertion: (query) => over(equalityDoc(query)._id),
  };
}

function operatorUpdate(update: Doc): Update {
  const steps = Object.entries(update).flatMap(([name, fields]) => stepsOf(name, fields));
  refuseConflicts(steps);
  // MongoDB adds new fields in the order of their names, not of the update document.
  steps.sort((a, b) => comparePaths(a.path, b.path));
  const always = steps.filter((step) => !step.onlyOnInsert);
  return {
    replaces: false,
    apply: (doc) => run(always, doc),
    insertion: (query) => run(steps, equalityDoc(query)),
  };
}

function stepsOf(name: string, fields: Value): Step[] {
  const operator = own(updateOperators, name);
  if (operator === undefined) {
    const known = Object.keys(updateOperators).join(', ');
    fail(9, `Unknown modifier: ${name}. The embedded database allows ${known}`);
  }
  if (!isDoc(fields)) fail(9, `Modifiers operate on fields but we found another type in ${name}`);
  return Object.entries(fields).map(([text, operand]) => {
    const path = parsePath(text);
    if (path.parts.some((part) => part.startsWith('$'))) {
      refuse(`the positional path '${text}' in an update`);
    }
    assertStorableValue(written(name, operand));
    return { path, change: operator(operand, text), onlyOnInsert: name === '$setOnInsert' };
  });
}

/** What an operator may write; only these two take modifiers beside the values. */
function written(name: string, operand: Value): Value {
  const takesModifiers = name === '$push' || name === '$addToSet';
  return takesModifiers && isDoc(operand) ? (operand.$each ?? operand) : operand;
}

function run(steps: readonly Step[], doc: Doc): Doc {
  let next = doc;
  for (const step of steps) next = writePath(next, step.path, step.change);
  const before = doc._id;
  if (before !== undefined && !identical(before, next._id)) {
    fail(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  return next;
}

function refuseConflicts(steps: readonly Step[]): void {
  for (const [i, { path }] of steps.entries()) {
    for (const other of steps.slice(i + 1)) {
      const [short, long] = [path.text, other.path.text].sort((a, b) => a.length - b.length);
      if (short === long || long?.startsWith(`${short}.`)) {
        fail(40, `Updating the path '${other.path.text}' would create a conflict at '${short}'`);
      }
    }
  }
}

function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.parts.length, b.parts.length); i += 1) {
    const [left, right] = [a.parts[i] ?? '', b.parts[i] ?? ''];
    const numeric = (a.positions[i] ?? -1) >= 0 && (b.positions[i] ?? -1) >= 0;
    if (numeric && left !== right) return Number(left) - Number(right);
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.parts.length - b.parts.length;
}

/** What an upsert takes over from the filter: its plain equalities. */
function equalityDoc(query: Query): Doc {
  let doc: Doc = {};
  for (const { path, values, single } of query.equalities) {
    const [value] = values;
    if (!single && values.length === 1) refuse('an upsert with a filter of $in with one value');
    if (!single || value === undefined) continue;
    doc = writePath(doc, parsePath(path), (current) =>
      current === undefined ? value : fail(54, `cannot infer query fields to set, '${path}' twice`),
    );
  }
  const { _id: id, ...rest } = doc;
  return id === undefined ? doc : { _id: id, ...rest };
}
