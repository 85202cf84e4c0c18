import { fail } from '../errors.ts';
import { type Key, keyOf } from '../values/key.ts';
import { own } from '../values/own.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { type Accumulator, accumulators } from './accumulators.ts';
import { compileExpression, type Expression } from './expression.ts';

interface Field {
  readonly name: string;
  readonly start: () => Accumulator;
  readonly value: Expression;
}

/** `$group`: one document for each distinct value of `_id`, in the order of their first sight. */
export function compileGroup(spec: Value): (docs: readonly Doc[]) => Doc[] {
  if (!isDoc(spec)) fail(15947, "a group's fields must be specified in an object");
  const { _id: id, ...rest } = spec;
  if (id === undefined) fail(15955, 'a group specification must include an _id');
  const groupId = compileExpression(id);
  const fields = Object.entries(rest).map(([name, value]) => compileField(name, value));
  return (docs) => {
    const groups = new Map<Key, { id: Value; states: Accumulator[] }>();
    for (const doc of docs) {
      const value = groupId(doc) ?? null;
      const key = keyOf(value);
      let group = groups.get(key);
      if (group === undefined) {
        group = { id: value, states: fields.map((field) => field.start()) };
        groups.set(key, group);
      }
      for (let i = 0; i < fields.length; i += 1) group.states[i]?.add(fields[i]?.value(doc));
    }
    return [...groups.values()].map((group) => ({
      _id: group.id,
      ...Object.fromEntries(
        fields.map((field, i) => [field.name, group.states[i]?.result() ?? null]),
      ),
    }));
  };
}

function compileField(name: string, value: Value): Field {
  if (name.includes('.')) fail(40235, `The field name '${name}' cannot contain '.'`);
  if (!isDoc(value)) fail(40234, `The field '${name}' must be an accumulator object`);
  const [operator, ...others] = Object.keys(value);
  if (operator === undefined || others.length > 0) {
    fail(40238, `The field '${name}' must specify one accumulator`);
  }
  const start = own(accumulators, operator);
  if (start === undefined) fail(15952, `unknown group operator '${operator}'`);
  const operand = value[operator] ?? null;
  if (Array.isArray(operand)) fail(40237, `The ${operator} accumulator is a unary operator`);
  return { name, start, value: compileExpression(operand) };
}
