import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../base/errors.ts';
import { buildFiles } from '../../deploy/builds/build-digest.ts';
// Not through the index: that would bring the packer, and with it a compiler, into the host.
import { verifyBuild } from '../../deploy/builds/verify-build.ts';
import { ControlError } from '../control/service.ts';

async function copyBuild(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of buildFiles) {
    await copyFile(join(from, name), join(to, name));
    await chmod(join(to, name), 0o400);
  }
}

/**
 * Copies a build to where it runs and verifies the copy: what was checked is what runs, whatever
 * happens to the original afterwards, and nothing but the files of a build ever runs. ControlError
 * BUILD_ALTERED, naming the file, when one is missing or differs.
 */
export async function takeBuild(from: string, to: string, build: string): Promise<void> {
  try {
    await copyBuild(from, to);
  } catch (error) {
    const message = `${from} is not a whole build: ${(error as Error).message}`;
    throw new ControlError(422, 'BUILD_ALTERED', message);
  }
  try {
    await verifyBuild(to, build);
  } catch (error) {
    if (!hasCode(error, 'BUILD_ALTERED')) throw error;
    throw new ControlError(422, 'BUILD_ALTERED', `${from}: ${error.message}`);
  }
}
