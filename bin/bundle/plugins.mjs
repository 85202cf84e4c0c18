// What goes into the chunks, and how one package is made lean on the way.
import { readFile } from 'node:fs/promises';

/**
 * Packages that every start needs, or most: many small files that would be opened one by one. What is
 * heavy and rare (YAML, widths of scripts, the database's client, the bundler, servers) stays outside, for its first use.
 */
const bundled = new Set(['commander', 'chalk', 'zod', 'undici']);

const packageOf = (path) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

/** Takes those packages, and what they need themselves, into the bundle; leaves every other outside. */
export const chosenPackages = {
  name: 'chosen-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
      if (kind === 'entry-point' || path.startsWith('node:')) return undefined;
      // The chunk of a package in CommonJS has no names to give but `default`: it would fail when run.
      if (kind === 'dynamic-import' && bundled.has(packageOf(path))) {
        return {
          errors: [{ text: `${path} is bundled: import it in a file that is imported late` }],
        };
      }
      const wanted = bundled.has(packageOf(path)) || importer.includes('/node_modules/');
      return wanted ? undefined : { path, external: true };
    });
  },
};

/**
 * `import { z } from 'zod'` keeps the whole library, with its forty languages: a bundler cannot see
 * which parts of an object are used. As a namespace it can. Only the form of the import changes.
 */
export const leanZod = {
  name: 'lean-zod',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^import \{ z \} from 'zod';$/m, "import * as z from 'zod';");
      return contents === text ? undefined : { contents, loader: 'ts' };
    });
  },
};
