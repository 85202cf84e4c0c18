// `npm run bench:concierge`: 750 sessions inside the green bands, throughput beside a bare Fastify route,
// memory over 200,000 requests. Starts a stack of its own and ends it. Exits 1 when something is missed.
// For a short look: `--seconds 10 --rounds 2 --requests 40000`, `--only throughput`.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
const parent = join(root, 'node_modules/.cache');
await mkdir(parent, { recursive: true });
const directory = await mkdtemp(join(parent, 'aurora-bench-'));
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['main', 'storage', 'edge', 'bare'].map((name) =>
      join(root, `test/bench/concierge/${name}.ts`),
    ),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const words = [join(directory, 'main.mjs'), '--root', root, '--directory', directory];
  const child = spawn(process.execPath, [...words, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; its parts end when it is gone.
  process.on('SIGINT', () => undefined);
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
} finally {
  await rm(directory, { recursive: true, force: true });
}
