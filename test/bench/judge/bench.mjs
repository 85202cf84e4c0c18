// `npm run bench:judge`: what is proven of the judge, by simulation, beside judges as they are commonly
// built. Prints its seed; exits 1 when something is missed. `--scale 0.1` for a short look.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
const parent = join(root, 'node_modules/.cache');
await mkdir(parent, { recursive: true });
const directory = await mkdtemp(join(parent, 'aurora-bench-'));
try {
  const outfile = join(directory, 'main.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'test/bench/judge/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const words = ['--expose-gc', outfile, '--checklists', join(root, 'checklists')];
  const ran = spawnSync(process.execPath, [...words, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = ran.status ?? 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
