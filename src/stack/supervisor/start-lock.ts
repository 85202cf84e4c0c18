import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AuroraError, hasErrno } from '../../base/errors.ts';
import { privateDirectory, privateFile } from '../../base/files.ts';
import { isAlive } from '../../base/process.ts';

/**
 * Lets one process at a time start a stack in a directory; answers what gives the right back. One that
 * died with it is succeeded. STACK_RUNNING when another is starting one now.
 */
export async function lockStart(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: privateDirectory });
  const path = join(directory, 'starting.pid');
  const release = () => rm(path, { force: true });
  if (await create(path)) return release;
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(holder) && holder > 0 && isAlive(holder)) {
    throw new AuroraError('STACK_RUNNING', `process ${holder} is starting a stack here`, {
      where: path,
    });
  }
  await release();
  if (await create(path)) return release;
  throw new AuroraError('STACK_RUNNING', 'another process is starting a stack here', {
    where: path,
  });
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', privateFile);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false;
    throw error;
  }
}
