import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Files of a release are the owner's alone: they name request ids and order numbers. */
export const privateFile = 0o600;
export const privateDirectory = 0o700;

/** Flushes a directory entry, so that a rename or a new file survives a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file whole or not at all: a synced temporary file in the same directory, then a rename. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode: number = privateFile,
): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: privateDirectory });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncDirectory(directory);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
