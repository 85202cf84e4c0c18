import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The program that is killed, bundled once for all its runs. */
export interface Program {
  readonly path: string;
  remove(): Promise<void>;
}

/** What a module asks for its own address. */
const banner = "const programUrl = require('node:url').pathToFileURL(__filename).href;";

/** Clients that this company has no server for: they are named, never loaded. */
const unused = ['mongodb', 'node-vault', 'nodemailer', 'listr2', '@inquirer/prompts', 'esbuild'];

/** Bundles the program with every package that it uses: hundreds of starts have to be quick. */
export async function bundleProgram(): Promise<Program> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-kill-program-'));
  // Some tests run it as another user.
  await chmod(directory, 0o755);
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'program.ts')],
    outfile: join(directory, 'program.cjs'),
    bundle: true,
    format: 'cjs',
    define: { 'import.meta.url': 'programUrl' },
    external: unused,
    platform: 'node',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'error',
  });
  const remove = () => rm(directory, { recursive: true, force: true });
  return { path: join(directory, 'program.cjs'), remove };
}
