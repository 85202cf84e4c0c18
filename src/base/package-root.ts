import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuroraError } from './errors.ts';

/** Whether the directory holds aurora's own package.json, not one of somebody who depends on it. */
function isPackageRoot(directory: string): boolean {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return false;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (parsed as { readonly name?: unknown } | null)?.name === 'aurora';
}

/**
 * Aurora's package directory, found by walking up from a module (a `file:` URL): the same from
 * source, from `dist/` and from an installed package. INSTALLATION_BROKEN when there is none.
 */
export function packageRoot(from: string = import.meta.url): string {
  const start = dirname(fileURLToPath(from));
  for (let directory = start; ; directory = dirname(directory)) {
    if (isPackageRoot(directory)) return directory;
    if (dirname(directory) === directory) {
      throw new AuroraError('INSTALLATION_BROKEN', 'the package directory was not found', {
        where: start,
      });
    }
  }
}
