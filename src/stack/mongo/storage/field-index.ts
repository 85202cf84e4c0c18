import { type Key, keyOf } from '../values/key.ts';
import { leaves, type Path } from '../values/path.ts';
import type { Doc } from '../values/value.ts';
import type { Stored } from './stored.ts';

/** Finds the documents that may equal a value at one path. One holder is kept without a set. */
export class FieldIndex {
  readonly #path: Path;
  readonly #buckets = new Map<Key, Stored | Set<Stored>>();

  constructor(path: Path) {
    this.#path = path;
  }

  add(stored: Stored): void {
    for (const key of this.#keys(stored.doc)) {
      const held = this.#buckets.get(key);
      if (held === undefined) this.#buckets.set(key, stored);
      else if (held instanceof Set) held.add(stored);
      else if (held !== stored) this.#buckets.set(key, new Set([held, stored]));
    }
  }

  remove(stored: Stored): void {
    for (const key of this.#keys(stored.doc)) {
      const held = this.#buckets.get(key);
      if (held === stored) this.#buckets.delete(key);
      if (held instanceof Set) {
        held.delete(stored);
        if (held.size === 0) this.#buckets.delete(key);
      }
    }
  }

  /** How many documents `find` would give. */
  count(keys: Iterable<Key>): number {
    let count = 0;
    for (const key of keys) {
      const held = this.#buckets.get(key);
      if (held !== undefined) count += held instanceof Set ? held.size : 1;
    }
    return count;
  }

  /** Candidates for these keys, each once. */
  find(keys: readonly Key[]): Iterable<Stored> {
    const held = keys.map((key) => this.#buckets.get(key)).filter((each) => each !== undefined);
    const [first] = held;
    if (held.length === 1 && first instanceof Set) return first;
    const all = new Set<Stored>();
    for (const each of held) {
      if (each instanceof Set) for (const stored of each) all.add(stored);
      else all.add(each);
    }
    return all;
  }

  /** Arrays are found by their elements and as a whole. */
  #keys(doc: Doc): Iterable<Key> {
    const found = leaves(doc, this.#path);
    const [only] = found;
    if (found.length === 1 && !Array.isArray(only)) return [keyOf(only)];
    return new Set(
      found.flatMap((value) =>
        Array.isArray(value) ? [keyOf(value), ...value.map(keyOf)] : [keyOf(value)],
      ),
    );
  }
}
