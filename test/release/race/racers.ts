import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/base/package-root.ts';

/** Packages that the driver asks for and goes without. */
export const optionalPackages = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

/** Bundles a program of this directory into another one and gives its path there. */
export async function bundleProgram(name: string, directory: string): Promise<string> {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    entryPoints: [join(packageRoot(), 'test', 'release', 'race', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: optionalPackages,
    banner: {
      js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}

/** How a racer ended, with the last thing that it said. */
export interface Finish {
  readonly exit: number | null;
  readonly said: unknown;
  readonly errors: string;
}

/** A process that wants to release. */
export class Racer {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  readonly #words: AsyncIterator<string>;
  #said: unknown = null;
  #errors = '';

  constructor(program: string, argv: readonly string[]) {
    this.#child = spawn(process.execPath, [program, ...argv], { stdio: 'pipe' });
    this.#exit = once(this.#child, 'close');
    this.#child.stderr?.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    // One that has ended takes no more words.
    this.#child.stdin?.on('error', () => undefined);
    if (this.#child.stdout === null) throw new Error('no pipe to the racer');
    this.#words = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it says next. */
  async word(): Promise<unknown> {
    const { value, done } = await this.#words.next();
    if (done === true) throw new Error(`a racer ended without a word: ${this.#errors}`);
    this.#said = JSON.parse(value);
    return this.#said;
  }

  tell(word: string): void {
    this.#child.stdin?.write(`${word}\n`);
  }

  async end(): Promise<Finish> {
    const [exit] = (await this.#exit) as [number | null];
    return { exit, said: this.#said, errors: this.#errors };
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}
