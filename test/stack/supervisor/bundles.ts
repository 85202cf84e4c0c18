import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/base/package-root.ts';

/** Bundles every part of the stack into a directory, as the product's build does. */
export async function bundleParts(directory: string): Promise<void> {
  const root = join(packageRoot(), 'src', 'stack');
  const found = await readdir(root, { recursive: true });
  const parts = found.filter((path) => /^[a-z-]+[\\/]main\.ts$/.test(path));
  const entries = parts.map((path) => [path.split(/[\\/]/)[0] ?? '', join(root, path)]);
  await build({
    entryPoints: Object.fromEntries(entries),
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
}
