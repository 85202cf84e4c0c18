import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuroraError, hasErrno, messageOf } from '../../base/errors.ts';
import { privateDirectory, privateFile, syncDirectory } from '../../base/files.ts';
import type { Secret } from '../../base/secret.ts';
import { type PublicKey, publicKeyText } from '../../proof/ssh/public-key.ts';

/**
 * Writes a key to `path` (mode 0600) and its public half to `<path>.pub`: both or neither, and never
 * over a file that is there. USAGE otherwise.
 */
export async function writeKeyPair(
  path: string,
  privateKey: Secret,
  publicKey: PublicKey,
): Promise<void> {
  const publicPath = `${path}.pub`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: privateDirectory });
    await writeNew(publicPath, `${publicKeyText(publicKey)}\n`, 0o644);
  } catch (cause) {
    throw refusal(cause, publicPath);
  }
  try {
    await writeNew(path, privateKey.reveal(), privateFile);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await rm(publicPath, { force: true });
    throw refusal(cause, path);
  }
}

/** Writes a file that must not be there yet; a half-written one is taken away again. */
async function writeNew(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function refusal(cause: unknown, where: string): AuroraError {
  const there = hasErrno(cause, 'EEXIST');
  return new AuroraError('USAGE', there ? 'there is a key already' : messageOf(cause), {
    where,
    cause,
    remedy: there
      ? 'Sign with that key, or name another file: aurora keygen <file>.'
      : 'Choose a directory that you may write.',
  });
}
