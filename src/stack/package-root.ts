import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuroraError } from '../base/errors.ts';

/** Whether the directory holds aurora's own package.json, not one of somebody who depends on it. */
function isPackageRoot(directory: string): boolean {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return false;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (parsed as { name?: unknown } | null)?.name === 'aurora';
}

/**
 * Aurora's package directory, found by walking up from a module: the same from source, from `dist/`
 * and from an installed package. STACK_START_FAILED when the module lies outside of it.
 */
export function packageRoot(from: string = import.meta.url): string {
  let directory = dirname(fileURLToPath(from));
  while (!isPackageRoot(directory)) {
    const parent = dirname(directory);
    if (parent === directory) {
      throw new AuroraError('STACK_START_FAILED', 'the package directory of aurora was not found', {
        where: fileURLToPath(from),
        remedy: 'Install aurora again: its package.json is missing.',
      });
    }
    directory = parent;
  }
  return directory;
}
