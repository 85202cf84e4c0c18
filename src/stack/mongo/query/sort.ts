import { fail } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { asNumber } from '../values/numbers.ts';
import { leaves, type Path, parsePath } from '../values/path.ts';
import { type Doc, isNumber, type Value } from '../values/value.ts';

interface SortKey {
  readonly path: Path;
  readonly direction: 1 | -1;
}

interface Decorated {
  readonly doc: Doc;
  readonly keys: readonly (Value | undefined)[];
}

/** Above this many documents, sorting for a small limit keeps only the best ones in hand. */
const slack = 1_000;

/** Sorts by the specification and keeps the first `limit`. Equal keys keep their order. */
export function sortDocs(docs: Iterable<Doc>, spec: Doc, limit = Number.POSITIVE_INFINITY): Doc[] {
  const keys = sortKeys(spec);
  const compare = comparer(keys);
  let held: Decorated[] = [];
  for (const doc of docs) {
    held.push({ doc, keys: keysOf(doc, keys) });
    if (held.length >= limit * 2 + slack) held = held.sort(compare).slice(0, limit);
  }
  held.sort(compare);
  return (held.length > limit ? held.slice(0, limit) : held).map((each) => each.doc);
}

function sortKeys(spec: Doc): SortKey[] {
  return Object.entries(spec).map(([name, value]) => {
    if (name.startsWith('$')) fail(16872, `FieldPath field names may not start with '$': ${name}`);
    const direction = isNumber(value) ? asNumber(value) : 0;
    if (direction !== 1 && direction !== -1) {
      fail(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return { path: parsePath(name), direction };
  });
}

function comparer(keys: readonly SortKey[]): (a: Decorated, b: Decorated) => number {
  return (a, b) => {
    for (let i = 0; i < keys.length; i += 1) {
      const order = compareValues(a.keys[i], b.keys[i]);
      if (order !== 0) return order * (keys[i]?.direction ?? 1);
    }
    return 0;
  };
}

function keysOf(doc: Doc, keys: readonly SortKey[]): (Value | undefined)[] {
  let arrays = 0;
  return keys.map(({ path, direction }) => {
    const found = leaves(doc, path);
    const [only] = found;
    if (found.length === 1 && !Array.isArray(only)) return only ?? null;
    arrays += 1;
    if (arrays > 1) fail(2, 'cannot sort with keys that are parallel arrays');
    return extreme(found, direction);
  });
}

/** An array sorts by its smallest element going up, by its greatest going down. */
function extreme(found: readonly (Value | undefined)[], direction: 1 | -1): Value | undefined {
  // An empty array stands before null, which is where `missing` stands.
  const items = found.flatMap((value): (Value | undefined)[] => {
    if (!Array.isArray(value)) return [value ?? null];
    return value.length === 0 ? [undefined] : value;
  });
  if (items.length === 0) return null;
  return items.reduce((best, item) => (compareValues(item, best) * direction < 0 ? item : best));
}
