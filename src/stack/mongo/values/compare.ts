import { Binary, Double, Long, ObjectId } from 'bson';
import { compareNumbers } from './numbers.ts';
import { type Doc, isDoc, isNumber, rank, rankOf, type Value } from './value.ts';

/** BSON's total order over all types; negative, zero or positive. Missing stands before null. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (a === b) return 0;
  const place = rankOf(a);
  const difference = place - rankOf(b);
  return difference === 0 ? compareSameType(place, a, b) : difference;
}

function compareSameType(place: number, a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (a instanceof Date && b instanceof Date) return Math.sign(a.getTime() - b.getTime());
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (a instanceof Binary && b instanceof Binary) return compareBinaries(a, b);
  if (place === rank.boolean) return Number(a) - Number(b);
  return isDoc(a) && isDoc(b) ? compareDocs(a, b) : 0;
}

/** By UTF-8 bytes. UTF-16 agrees except that surrogate pairs stand behind U+E000 to U+FFFF. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return byteOrder(left) - byteOrder(right);
  }
  return a.length - b.length;
}

function byteOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  if (a.position !== b.position) return a.position - b.position;
  return a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

/** Field by field: first the value's type, then the name, then the value. */
function compareDocs(a: Doc, b: Doc): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const [nameA, valueA] = left[i] ?? ['', null];
    const [nameB, valueB] = right[i] ?? ['', null];
    const order =
      rankOf(valueA) - rankOf(valueB) ||
      compareStrings(nameA, nameB) ||
      compareValues(valueA, valueB);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Whether nothing would change by writing one over the other: same types, same field order. */
export function identical(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => identical(item, b[i]));
  }
  if (isDoc(a) && isDoc(b)) return identicalDocs(a, b);
  if (a instanceof Long !== b instanceof Long || a instanceof Double !== b instanceof Double) {
    return false;
  }
  return compareValues(a, b) === 0;
}

function identicalDocs(a: Doc, b: Doc): boolean {
  const left = Object.keys(a);
  const right = Object.keys(b);
  return (
    left.length === right.length &&
    left.every((name, i) => name === right[i] && identical(a[name], b[name]))
  );
}
