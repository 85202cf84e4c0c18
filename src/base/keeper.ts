import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomic } from './files.ts';
import { redact } from './redact.ts';

/** What something is made of. */
export interface Source {
  /** Says what is made: `config`, `plan`. */
  readonly name: string;
  /** Where it lies; absolute. */
  readonly path: string;
  /** Every byte that counts, by name. Throws when it cannot be read. */
  read(): readonly (readonly [name: string, bytes: Uint8Array])[];
}

/** Spares making again what was made of the same bytes before. */
export interface Keeper {
  /** What was kept for exactly these bytes, or what `make` makes; its errors are passed on. */
  keep<T>(source: Source, make: () => Promise<T>): Promise<T>;
}

/** Makes everything anew. */
export const noKeeper: Keeper = { keep: (_source, make) => make() };

const sha256 = () => createHash('sha256');

/**
 * Keeps in files that can be thrown away at any time, one for each source. A file counts only when it
 * is this user's alone, whole, and made by the same build of aurora of the same bytes at the same
 * place; any other is as good as none. What holds a secret is never kept.
 */
export class FileKeeper implements Keeper {
  constructor(
    private readonly directory: string,
    private readonly build: string,
  ) {}

  async keep<T>(source: Source, make: () => Promise<T>): Promise<T> {
    const key = this.#keyOf(source);
    // What cannot be read is for the maker to say.
    if (key === null) return make();
    const file = this.fileOf(source);
    const kept = readKept(file, key);
    if (kept !== undefined) return kept.value as T;
    const value = await make();
    // A file that changed while it was read may have been read either way.
    if (this.#keyOf(source) === key) await writeKept(file, key, value);
    return value;
  }

  /** Where what is made of a source is kept. */
  fileOf({ name, path }: Source): string {
    return join(this.directory, `${name}-${sha256().update(path).digest('hex').slice(0, 16)}.json`);
  }

  #keyOf(source: Source): string | null {
    const hash = sha256();
    const add = (part: string | Uint8Array) => {
      hash.update(`${part.length}\0`).update(part);
    };
    try {
      for (const part of [this.build, source.name, source.path]) add(part);
      for (const part of source.read().flat()) add(part);
      return hash.digest('hex');
    } catch {
      return null;
    }
  }
}

/** The text of a regular file that nobody else could have written or read; else an error. */
function readOwn(file: string): string {
  // A link could lead to what somebody else wrote.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode, uid } = fstatSync(handle);
    if ((mode & 0o077) !== 0 || uid !== process.geteuid?.()) throw new Error('not our own');
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

function sumOf(key: string, text: string): string {
  return sha256().update(`${key}\n${text}`).digest('hex');
}

/** Three lines: key, sum over key and value, the value. Anything else counts as nothing kept. */
function readKept(file: string, key: string): { readonly value: unknown } | undefined {
  try {
    const [keptKey, sum, text, ...rest] = readOwn(file).split('\n');
    if (keptKey !== key || text === undefined || rest.length !== 1) return undefined;
    return sum === sumOf(key, text) ? { value: JSON.parse(text) as unknown } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeping only spares time: where it is not possible, everything goes on without. */
async function writeKept(file: string, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  if (text === undefined || redact(text) !== text) return;
  if (!isDeepStrictEqual(JSON.parse(text), value)) return;
  await writeFileAtomic(file, `${key}\n${sumOf(key, text)}\n${text}\n`).catch(() => undefined);
}
