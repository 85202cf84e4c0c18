import { ServerError } from '../errors.ts';
import { keyText } from '../values/key.ts';
import { leaves, type Path } from '../values/path.ts';
import type { Doc, Value } from '../values/value.ts';
import type { IndexSpec } from './index-spec.ts';
import type { Stored } from './stored.ts';

/** Knows which document holds each key of a unique index. */
export class UniqueIndex {
  readonly spec: IndexSpec;
  readonly #holders = new Map<string, Stored>();

  constructor(spec: IndexSpec) {
    this.spec = spec;
  }

  /** The keys of a document; throws code 11000 when another document holds one of them. */
  claim(doc: Doc, holder: Stored | undefined, namespace: string): string[] {
    const keys = this.keys(doc);
    for (const key of keys) {
      const other = this.#holders.get(key);
      if (other !== undefined && other !== holder) throw duplicateKey(this.spec, doc, namespace);
    }
    return keys;
  }

  add(keys: readonly string[], stored: Stored): void {
    for (const key of keys) this.#holders.set(key, stored);
  }

  remove(stored: Stored): void {
    for (const key of this.keys(stored.doc)) this.#holders.delete(key);
  }

  /** One key for each combination of the fields' values: arrays count element by element. */
  private keys(doc: Doc): string[] {
    const values = this.spec.paths.map((path) => indexed(doc, path));
    if (this.spec.sparse && values.every((each) => each.every((v) => v === undefined))) return [];
    return values.reduce<string[]>(
      (keys, each) => keys.flatMap((key) => each.map((value) => `${key}|${keyText(value)}`)),
      [''],
    );
  }
}

function indexed(doc: Doc, path: Path): (Value | undefined)[] {
  const found = leaves(doc, path).flatMap((value) => {
    if (!Array.isArray(value)) return [value];
    return value.length === 0 ? [undefined] : value;
  });
  return found.length === 0 ? [undefined] : found;
}

/** The refusal, with the key that the driver hands to the application. */
export function duplicateKey(spec: IndexSpec, doc: Doc, namespace: string): ServerError {
  const keyValue = Object.fromEntries(
    spec.paths.map((path) => [path.text, indexed(doc, path)[0] ?? null]),
  );
  const shown = Object.entries(keyValue)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
  return new ServerError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${spec.name} dup key: { ${shown} }`,
    { keyPattern: spec.key, keyValue },
  );
}
