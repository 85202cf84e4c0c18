import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { privateDirectory } from '../../base/files.ts';

/**
 * Copies the migrated template into `dataDirectory`, unless that already holds a database. Without a
 * template `make` is called once with an empty directory to fill: migrating takes ten seconds, copying a
 * fraction of one. Two processes may both make it; the first rename wins.
 */
export async function fillFromTemplate(
  templateDirectory: string,
  dataDirectory: string,
  make: (directory: string) => Promise<void>,
): Promise<void> {
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) return;
  if (!existsSync(templateDirectory)) await makeTemplate(templateDirectory, make);
  await rm(dataDirectory, { recursive: true, force: true });
  await mkdir(dirname(dataDirectory), { recursive: true, mode: privateDirectory });
  const temporary = `${dataDirectory}.${randomBytes(6).toString('hex')}`;
  await cp(templateDirectory, temporary, { recursive: true });
  await rename(temporary, dataDirectory);
}

async function makeTemplate(
  templateDirectory: string,
  make: (directory: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(templateDirectory);
  await mkdir(parent, { recursive: true, mode: privateDirectory });
  const temporary = join(parent, `.making-${randomBytes(6).toString('hex')}`);
  try {
    await make(temporary);
    await rename(temporary, templateDirectory).catch((error: unknown) => {
      if (!existsSync(templateDirectory)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
