import { BSONRegExp, ObjectId } from 'bson';
import { fail } from '../errors.ts';
import { compileQuery, type Query } from '../query/compile.ts';
import { identical } from '../values/compare.ts';
import { type Key, keyOf } from '../values/key.ts';
import { leaves, parsePath } from '../values/path.ts';
import type { Doc } from '../values/value.ts';
import { FieldIndex } from './field-index.ts';
import { type IndexSpec, idIndex } from './index-spec.ts';
import type { Stored } from './stored.ts';
import { duplicateKey, UniqueIndex } from './unique-index.ts';

/** Documents in the order of their insertion, with their indexes. */
export class Collection {
  readonly namespace: string;
  readonly #byId = new Map<Key, Stored>();
  readonly #unique = new Map<string, UniqueIndex>();
  /** Made when a query first asks for a field that an index leads with. */
  readonly #fields = new Map<string, FieldIndex>();
  #indexes: IndexSpec[] = [idIndex];

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  get size(): number {
    return this.#byId.size;
  }

  get indexes(): readonly IndexSpec[] {
    return this.#indexes;
  }

  /** Inserts; gives an `_id` when there is none, and puts it first. Throws code 11000. */
  insert(given: Doc): Doc {
    const { _id: id = new ObjectId(), ...rest } = given;
    if (Array.isArray(id) || id instanceof BSONRegExp) {
      fail(53, `The '_id' value cannot be of type ${Array.isArray(id) ? 'array' : 'regex'}`);
    }
    const doc = Object.keys(given)[0] === '_id' ? given : { _id: id, ...rest };
    const key = keyOf(id);
    if (this.#byId.has(key)) throw duplicateKey(idIndex, doc, this.namespace);
    const stored: Stored = { doc };
    this.#claimAll(doc, undefined, stored);
    this.#byId.set(key, stored);
    for (const index of this.#fields.values()) index.add(stored);
    return doc;
  }

  /** Puts another document with the same `_id` in the place. Throws code 11000. */
  replace(stored: Stored, doc: Doc): void {
    const claimed = [...this.#unique.values()].map(
      (index) => [index, index.claim(doc, stored, this.namespace)] as const,
    );
    for (const index of this.#fields.values()) index.remove(stored);
    for (const [index] of claimed) index.remove(stored);
    stored.doc = doc;
    for (const [index, keys] of claimed) index.add(keys, stored);
    for (const index of this.#fields.values()) index.add(stored);
  }

  remove(stored: Stored): void {
    for (const index of this.#fields.values()) index.remove(stored);
    for (const index of this.#unique.values()) index.remove(stored);
    this.#byId.delete(keyOf(stored.doc._id));
  }

  /** The matching places. Take them all before changing any. */
  *find(query: Query): Generator<Stored> {
    for (const stored of this.#candidates(query)) if (query.matches(stored.doc)) yield stored;
  }

  /** The matching documents, up to `limit`. */
  docs(query: Query, limit = Number.POSITIVE_INFINITY): Doc[] {
    const found: Doc[] = [];
    for (const { doc } of this.#candidates(query)) {
      if (found.length >= limit) break;
      if (query.matches(doc)) found.push(doc);
    }
    return found;
  }

  /** How many documents match. */
  count(query: Query): number {
    let count = 0;
    for (const { doc } of this.#candidates(query)) if (query.matches(doc)) count += 1;
    return count;
  }

  /** Adds an index; throws code 11000 when its uniqueness is already broken, 85 or 86 on a clash. */
  addIndex(spec: IndexSpec): boolean {
    const sameKey = (other: IndexSpec) => identical(other.key, spec.key);
    const named = this.#indexes.find((other) => other.name === spec.name);
    if (named !== undefined && !sameKey(named)) {
      fail(86, `An existing index has the same name as the requested index: ${spec.name}`);
    }
    const other = named ?? this.#indexes.find(sameKey);
    if (other !== undefined) {
      if (other === idIndex) return false;
      if (other === named && sameOptions(other, spec)) return false;
      fail(85, `An equivalent index already exists with different options or name: ${other.name}`);
    }
    if (spec.unique) this.#unique.set(spec.name, this.#buildUnique(spec));
    this.#indexes.push(spec);
    return true;
  }

  dropIndex(name: string): void {
    this.#indexes = this.#indexes.filter((index) => index.name !== name);
    this.#unique.delete(name);
    const leading = new Set(this.#indexes.map((index) => index.paths[0]?.text));
    for (const path of this.#fields.keys()) if (!leading.has(path)) this.#fields.delete(path);
  }

  /** Removes what its TTL indexes say has expired; gives their number. */
  expire(now: number): number {
    const all = compileQuery({});
    let removed = 0;
    for (const { expireAfterSeconds, paths } of this.#indexes) {
      const [path] = paths;
      if (expireAfterSeconds === undefined || path === undefined) continue;
      const before = now - expireAfterSeconds * 1_000;
      const expired = [...this.find(all)].filter(({ doc }) => {
        const dates = leaves(doc, path)
          .flat()
          .filter((value) => value instanceof Date);
        return dates.some((date) => date.getTime() <= before);
      });
      for (const stored of expired) this.remove(stored);
      removed += expired.length;
    }
    return removed;
  }

  #claimAll(doc: Doc, holder: Stored | undefined, stored: Stored): void {
    if (this.#unique.size === 0) return;
    const claimed = [...this.#unique.values()].map(
      (index) => [index, index.claim(doc, holder, this.namespace)] as const,
    );
    for (const [index, keys] of claimed) index.add(keys, stored);
  }

  #buildUnique(spec: IndexSpec): UniqueIndex {
    const index = new UniqueIndex(spec);
    for (const stored of this.#byId.values()) {
      index.add(index.claim(stored.doc, stored, this.namespace), stored);
    }
    return index;
  }

  /** A superset of what matches: the smallest bucket that an equality leads to, or everything. */
  #candidates(query: Query): Iterable<Stored> {
    let best: { count: number; open: () => Iterable<Stored> } | undefined;
    for (const { path, values } of query.equalities) {
      const keys = [...new Set(values.map(keyOf))];
      if (path === '_id') return this.#byIds(keys);
      const index = this.#fieldIndex(path);
      if (index === undefined) continue;
      const count = index.count(keys);
      if (best === undefined || count < best.count) best = { count, open: () => index.find(keys) };
    }
    return best === undefined ? this.#byId.values() : best.open();
  }

  #byIds(keys: readonly Key[]): Stored[] {
    return keys.map((key) => this.#byId.get(key)).filter((stored) => stored !== undefined);
  }

  #fieldIndex(path: string): FieldIndex | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined) return known;
    if (!this.#indexes.some((index) => index.paths[0]?.text === path)) return undefined;
    const index = new FieldIndex(parsePath(path));
    for (const stored of this.#byId.values()) index.add(stored);
    this.#fields.set(path, index);
    return index;
  }
}

function sameOptions(a: IndexSpec, b: IndexSpec): boolean {
  return (
    a.unique === b.unique && a.sparse === b.sparse && a.expireAfterSeconds === b.expireAfterSeconds
  );
}
