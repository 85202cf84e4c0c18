// Bundles the executable and the programs of the local stack into dist/. Packages that a start needs
// are in the bundles (bundle/plugins.mjs), the others stay outside; what is imported lazily stays in
// chunks of its own, so that a start loads what it uses.
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildId } from './bundle/build-id.mjs';
import { notices } from './bundle/notices.mjs';
import { chosenPackages, leanZod } from './bundle/plugins.mjs';

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

// Some of the packages are CommonJS and ask for Node's own modules by `require`.
const banner = `#!/usr/bin/env node
import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);`;

/** Makes dist/, or another directory of the same shape. Answers the bundler's record of it. */
export async function buildAll(outdir = join(root, 'dist')) {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
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
    plugins: [chosenPackages, leanZod],
    define: { AURORA_BUILD: JSON.stringify(await buildId(root)) },
    banner: { js: banner },
    metafile: true,
    logLevel: 'warning',
  });
  await chmod(join(outdir, 'bin/aurora.js'), 0o755);
  await writeFile(join(outdir, 'LICENSES.txt'), await notices(root, metafile));
  return metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
