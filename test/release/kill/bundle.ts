import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

/**
 * Starts a bundle with what the first start compiled: that is half of the time to start it. What a
 * dying process might have left half written is never there, as it is renamed into its place.
 */
function startWithCache(program: string): string {
  return `
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');
const program = ${JSON.stringify(program)};
const cache = program + '.cache';
const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(program, 'utf8') + '\\n})';
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(source, { filename: program, cachedData });
script.runInThisContext()(exports, require, module, program, __dirname);
if (cachedData === undefined) {
  process.on('exit', () => {
    writeFileSync(cache + process.pid, script.createCachedData());
    renameSync(cache + process.pid, cache);
  });
}
`;
}

/** Bundles the program with every package that it uses: hundreds of starts have to be quick. */
export async function bundleProgram(): Promise<Program> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-kill-program-'));
  // Some tests run it as another user.
  await chmod(directory, 0o755);
  const program = join(directory, 'program.cjs');
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'program.ts')],
    outfile: program,
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
  const path = join(directory, 'start.cjs');
  await writeFile(path, startWithCache(program));
  return { path, remove };
}
