import { fail, refuse } from '../errors.ts';
import { type Doc, isDoc, type Value } from './value.ts';

/** A dotted path, taken apart once. */
export interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  /** For each part the array position it may mean, or -1. */
  readonly positions: readonly number[];
}

/** Takes a dotted path apart; empty parts are an error as in MongoDB. */
export function parsePath(text: string): Path {
  const parts = text.split('.');
  if (parts.includes('')) fail(56, `The path '${text}' contains an empty field name`);
  if (parts.includes('__proto__')) refuse('a field named __proto__');
  const positions = parts.map((part) => (/^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : -1));
  return { text, parts, positions };
}

/** A document's own field; undefined when it has none. */
export function field(doc: Doc, name: string): Value | undefined {
  const value = doc[name];
  // Inherited members of Object are functions, and no stored value is one.
  return typeof value === 'function' ? undefined : value;
}

/** A test of the value at the end of a path; undefined is a missing one. */
export type Test = (value: Value | undefined) => boolean;

/**
 * Whether any value at the end of the path passes. Arrays on the way are entered, both by position
 * and element by element; an array at the end is handed over whole.
 */
export function anyLeaf(doc: Doc, path: Path, test: Test): boolean {
  const { parts } = path;
  if (parts.length === 1) return test(field(doc, parts[0] ?? ''));
  return inDoc(doc, path, 0, test);
}

function inDoc(doc: Doc, path: Path, depth: number, test: Test): boolean {
  const value = field(doc, path.parts[depth] ?? '');
  if (depth === path.parts.length - 1 || value === undefined) return test(value);
  return inValue(value, path, depth + 1, test);
}

function inValue(value: Value, path: Path, depth: number, test: Test): boolean {
  if (depth === path.parts.length) return test(value);
  if (Array.isArray(value)) return inArray(value, path, depth, test);
  return isDoc(value) ? inDoc(value, path, depth, test) : test(undefined);
}

function inArray(items: readonly Value[], path: Path, depth: number, test: Test): boolean {
  const position = path.positions[depth] ?? -1;
  const item = position < 0 ? undefined : items[position];
  if (item !== undefined && inValue(item, path, depth + 1, test)) return true;
  return items.some((each) => isDoc(each) && inDoc(each, path, depth, test));
}

/** Every value at the end of the path, as `anyLeaf` would see them. */
export function leaves(doc: Doc, path: Path): (Value | undefined)[] {
  const found: (Value | undefined)[] = [];
  anyLeaf(doc, path, (value) => {
    found.push(value);
    return false;
  });
  return found;
}
