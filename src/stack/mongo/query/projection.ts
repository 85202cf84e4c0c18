import { fail, refuse } from '../errors.ts';
import { asNumber } from '../values/numbers.ts';
import { field, parsePath } from '../values/path.ts';
import { type Doc, isDoc, isNumber, type Value } from '../values/value.ts';

/** The fields of a projection as a tree; true is a leaf. */
type Tree = Map<string, Tree | true>;

/** Gives a document with the wanted fields; never changes the one it is given. */
export type Projection = (doc: Doc) => Doc;

/** Compiles a projection of field names with 0, 1, false or true. */
export function compileProjection(spec: Doc): Projection {
  const { _id: id, ...rest } = spec;
  const flags = Object.entries(rest).map(([name, value]) => [name, flag(name, value)] as const);
  const including = flags[0]?.[1] ?? (id !== undefined && flag('_id', id));
  const withId = id === undefined ? true : flag('_id', id);
  const tree: Tree = new Map();
  for (const [name, wanted] of flags) {
    if (wanted !== including) {
      const code = including ? 31254 : 31253;
      fail(
        code,
        `Cannot do ${wanted ? 'inclusion' : 'exclusion'} on field ${name} in the projection`,
      );
    }
    addPath(tree, name);
  }
  if (including === withId) addPath(tree, '_id');
  if (tree.size === 0) return (doc) => doc;
  return including ? (doc) => include(doc, tree) : (doc) => exclude(doc, tree);
}

/** Whether a projected value is a plain 0 or 1 rather than an expression. */
export function isFlag(value: Value): boolean {
  return typeof value === 'boolean' || isNumber(value);
}

function flag(name: string, value: Value): boolean {
  if (name.split('.').some((part) => part.startsWith('$'))) {
    refuse(`the projection '${name}'`);
  }
  if (!isFlag(value)) refuse(`a projection of '${name}' that is not 0 or 1`);
  return isNumber(value) ? asNumber(value) !== 0 : value === true;
}

function addPath(tree: Tree, name: string): void {
  const { parts } = parsePath(name);
  let node = tree;
  parts.forEach((part, i) => {
    const next = node.get(part);
    const last = i === parts.length - 1;
    if (next === true || (last && next !== undefined)) fail(31254, `Path collision at ${name}`);
    if (last) node.set(part, true);
    else if (next !== undefined) node = next;
    else {
      const child: Tree = new Map();
      node.set(part, child);
      node = child;
    }
  });
}

function include(doc: Doc, tree: Tree): Doc {
  const result: Doc = {};
  for (const name of Object.keys(doc)) {
    const node = tree.get(name);
    if (node === undefined) continue;
    const value = field(doc, name);
    const kept = node === true || value === undefined ? value : includeBelow(value, node);
    if (kept !== undefined) result[name] = kept;
  }
  return result;
}

/** Scalars below a dotted path are dropped, inside arrays too. */
function includeBelow(value: Value, tree: Tree): Value | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => includeBelow(item, tree)).filter((item) => item !== undefined);
  }
  return isDoc(value) ? include(value, tree) : undefined;
}

function exclude(doc: Doc, tree: Tree): Doc {
  const result: Doc = {};
  for (const name of Object.keys(doc)) {
    const node = tree.get(name);
    const value = field(doc, name);
    if (node === true || value === undefined) continue;
    result[name] = node === undefined ? value : excludeBelow(value, node);
  }
  return result;
}

function excludeBelow(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((item) => excludeBelow(item, tree));
  return isDoc(value) ? exclude(value, tree) : value;
}
