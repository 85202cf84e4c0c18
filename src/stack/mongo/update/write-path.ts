import { fail } from '../errors.ts';
import type { Path } from '../values/path.ts';
import { field } from '../values/path.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';

/** The new value of a field: `undefined` removes it, the same reference leaves it alone. */
export type Change = (current: Value | undefined) => Value | undefined;

/** How far an array may be padded with null to reach a position; MongoDB's own bound. */
const furthest = 1_500_000;

/**
 * A document with one path changed. What lies beside the path is shared with the old document,
 * which stays as it was; the same document comes back when nothing changes.
 */
export function writePath(doc: Doc, path: Path, change: Change): Doc {
  return inDoc(doc, path, 0, change);
}

function inDoc(doc: Doc, path: Path, depth: number, change: Change): Doc {
  const name = path.parts[depth] ?? '';
  const current = field(doc, name);
  const next = below(current, path, depth + 1, change);
  if (next === current) return doc;
  const copy = { ...doc };
  if (next === undefined) delete copy[name];
  else copy[name] = next;
  return copy;
}

function below(
  current: Value | undefined,
  path: Path,
  depth: number,
  change: Change,
): Value | undefined {
  if (depth === path.parts.length) return change(current);
  if (current === undefined) {
    const created = inDoc({}, path, depth, change);
    return Object.keys(created).length === 0 ? undefined : created;
  }
  if (Array.isArray(current)) return inArray(current, path, depth, change);
  if (isDoc(current)) return inDoc(current, path, depth, change);
  return notViable(current, path, depth, change);
}

function inArray(items: Value[], path: Path, depth: number, change: Change): Value {
  const position = path.positions[depth] ?? -1;
  if (position < 0) return notViable(items, path, depth, change);
  if (position > items.length + furthest) fail(2, `can't backfill array to ${position} elements`);
  const current = items[position];
  const next = below(current, path, depth + 1, change);
  if (next === current) return items;
  const copy = [...items];
  while (copy.length < position) copy.push(null);
  // Removing an element leaves null behind, so that the others keep their positions.
  copy[position] = next ?? null;
  return copy;
}

/** Nothing can be created below a scalar; removing what is not there is fine. */
function notViable(current: Value, path: Path, depth: number, change: Change): Value {
  if (change(undefined) === undefined) return current;
  const above = path.parts.slice(0, depth).join('.');
  return fail(28, `Cannot create field '${path.parts[depth]}' in element '${above}'`);
}
