import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuroraError } from '../base/errors.ts';

/** Aurora's own package directory: the source tree and `dist/` lie at different depths below it. */
export function packageRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let directory = dirname(from); ; directory = dirname(directory)) {
    const manifest = join(directory, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown };
      if (name === 'aurora') return directory;
    }
    if (dirname(directory) === directory) {
      throw new AuroraError('CONFIG_MISSING', 'the installation of aurora is incomplete', {
        where: from,
        remedy: 'Install aurora again.',
      });
    }
  }
}

/** The checklists that ship with aurora: the deployment plan of version 1.0.0. */
export function shippedChecklists(): string {
  return join(packageRoot(), 'checklists');
}
