// The licences of the packages whose code lies in the bundles: they ask to be kept with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Directories of the packages that gave code to a build, from the bundler's own record of it. */
function packagesIn(metafile) {
  const directories = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(directories)].sort();
}

/** One text with name, version and licence of each package. Fails when one has no licence file. */
export async function notices(root, metafile) {
  const texts = packagesIn(metafile).map(async (directory) => {
    const path = join(root, directory);
    const { name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    const file = (await readdir(path)).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} ships no licence: it may not be bundled`);
    return `${name} ${version}\n\n${(await readFile(join(path, file), 'utf8')).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}
