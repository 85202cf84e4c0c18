// Bundles the executable and the programs of the local stack into dist/. Packages stay outside the
// bundles; what is imported lazily stays in chunks of its own, so that a start loads what it uses.
import { chmod, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function stackParts() {
  const found = await readdir(join(root, 'src/stack'), { withFileTypes: true, recursive: true });
  return found
    .filter((entry) => entry.isFile() && /^(main|guard)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => {
      const folder = dirname(path).slice(join(root, 'src/stack/').length);
      const name = path.endsWith('main.ts') ? folder : `${folder}-guard`;
      return [`stack/${name}`, path];
    });
}

export async function buildAll() {
  const outdir = join(root, 'dist');
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([
      ['bin/aurora', join(root, 'bin/aurora.ts')],
      ...(await stackParts()),
    ]),
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  await chmod(join(outdir, 'bin/aurora.js'), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
