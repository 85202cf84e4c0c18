import { join } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { sha256 } from '../../proof/digest.ts';
import type { KeptPicture } from './assess.ts';

/**
 * Writes a picture. Its name holds its digest, so that a step that is taken again never overwrites
 * what the journal speaks of already. STORE_FAILED.
 */
export async function keepPicture(
  directory: string,
  id: string,
  picture: Uint8Array,
): Promise<KeptPicture> {
  const digest = sha256(picture);
  const file = join(directory, `${id}-${digest.slice(0, 12)}.png`);
  try {
    await writeFileAtomic(file, picture);
  } catch (cause) {
    throw new AuroraError('STORE_FAILED', 'a screenshot could not be kept', { where: file, cause });
  }
  return { file, sha256: digest, bytes: picture.length };
}
