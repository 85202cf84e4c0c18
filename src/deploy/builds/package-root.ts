import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuroraError } from '../../base/errors.ts';

/** Where aurora's own sources for a build are: the reference concierge, found from any of its files. */
export function packageRoot(from: string = import.meta.url): string {
  let directory = dirname(fileURLToPath(from));
  for (;;) {
    if (isPackageRoot(directory)) return directory;
    const parent = dirname(directory);
    if (parent === directory) {
      throw new AuroraError('BUILD_PACK_FAILED', 'the package directory of aurora was not found', {
        where: fileURLToPath(from),
        remedy: 'Install aurora again: its package.json is missing.',
      });
    }
    directory = parent;
  }
}

function isPackageRoot(directory: string): boolean {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return false;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (parsed as { readonly name?: unknown } | null)?.name === 'aurora';
}
