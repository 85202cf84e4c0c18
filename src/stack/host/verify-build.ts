import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlError } from '../control/service.ts';

/** What a build consists of; nothing else in its directory is ever copied, so nothing else runs. */
const buildFiles = ['manifest.json', 'server.mjs', 'widget.js'] as const;

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The digest of a build's directory: SHA-256 over its sorted `<sha256>  <name>` lines. */
export async function digestBuild(directory: string): Promise<string> {
  const lines = await Promise.all(
    buildFiles.map(async (name) => `${sha256(await readFile(join(directory, name)))}  ${name}\n`),
  );
  return sha256(lines.sort().join(''));
}

/**
 * Copies a build to where it runs and verifies the copy: what was checked is what runs, whatever
 * happens to the original afterwards. ControlError BUILD_ALTERED when the digest is another, or a
 * file is missing.
 */
export async function takeBuild(from: string, to: string, build: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  try {
    for (const name of buildFiles) {
      await copyFile(join(from, name), join(to, name));
      await chmod(join(to, name), 0o400);
    }
  } catch (error) {
    const message = `${from} is not a whole build: ${(error as Error).message}`;
    throw new ControlError(422, 'BUILD_ALTERED', message);
  }
  const found = await digestBuild(to);
  if (found !== build) {
    throw new ControlError(422, 'BUILD_ALTERED', `${from} has digest ${found}, not ${build}`);
  }
}
