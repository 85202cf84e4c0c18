import { fail, refuse } from '../errors.ts';
import { Collection } from './collection.ts';

/** All databases with their collections. Both come into being with the first write. */
export class Store {
  readonly #databases = new Map<string, Map<string, Collection>>();

  get databases(): ReadonlyMap<string, ReadonlyMap<string, Collection>> {
    return this.#databases;
  }

  /** The collection, or undefined when nothing was ever written to it. */
  find(database: string, name: string): Collection | undefined {
    checkNames(database, name);
    return this.#databases.get(database)?.get(name);
  }

  /** The collection, made when it is not there. */
  open(database: string, name: string): Collection {
    const known = this.find(database, name);
    if (known !== undefined) return known;
    const collections = this.#databases.get(database) ?? new Map<string, Collection>();
    const collection = new Collection(`${database}.${name}`);
    collections.set(name, collection);
    this.#databases.set(database, collections);
    return collection;
  }

  /** Whether there was one to drop. */
  drop(database: string, name: string): boolean {
    const collections = this.#databases.get(database);
    const dropped = collections?.delete(name) ?? false;
    if (collections?.size === 0) this.#databases.delete(database);
    return dropped;
  }

  dropDatabase(database: string): boolean {
    return this.#databases.delete(database);
  }

  /** Removes expired documents everywhere. */
  expire(now: number): number {
    let removed = 0;
    for (const collections of this.#databases.values()) {
      for (const collection of collections.values()) removed += collection.expire(now);
    }
    return removed;
  }
}

function checkNames(database: string, name: string): void {
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database))
    fail(73, `Invalid database name: '${database}'`);
  if (name === '' || /[\0$]/.test(name) || name.startsWith('.') || name.endsWith('.')) {
    fail(73, `Invalid namespace specified '${database}.${name}'`);
  }
  if (name.startsWith('system.')) refuse(`the collection '${name}'`);
}
