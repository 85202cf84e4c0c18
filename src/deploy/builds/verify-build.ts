import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import { shortDigest } from '../../proof/digest.ts';
import { buildDigest, buildFiles, type FileDigests, readFileDigests } from './build-digest.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

/**
 * Makes sure that a directory holds exactly the build with this digest. BUILD_ALTERED names the
 * file that differs, is missing, or does not belong there.
 */
export async function verifyBuild(directory: string, digest: string): Promise<void> {
  const present = await readdir(directory).catch((cause: unknown) => {
    throw new AuroraError('BUILD_ALTERED', `build ${shortDigest(digest)} is not there`, {
      where: directory,
      cause,
    });
  });
  for (const name of buildFiles) {
    if (!present.includes(name)) throw altered(directory, name, 'is missing');
  }
  for (const name of present) {
    if (!buildFiles.some((known) => known === name)) {
      throw altered(directory, name, 'does not belong to the build');
    }
  }
  const files = await readFileDigests(directory);
  if (buildDigest(files) === digest) return;
  throw altered(directory, await culprit(directory, files), 'was changed after packing');
}

/** Which file differs from the manifest; the manifest itself when they agree among themselves. */
async function culprit(directory: string, files: FileDigests): Promise<string> {
  const manifest = await readManifest(directory);
  if (manifest === undefined) return 'manifest.json';
  const differing = (['server.mjs', 'widget.js'] as const).find(
    (name) => manifest.files[name] !== files[name],
  );
  return differing ?? 'manifest.json';
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    const text = await readFile(join(directory, 'manifest.json'), 'utf8');
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function altered(directory: string, name: string, what: string): AuroraError {
  return new AuroraError('BUILD_ALTERED', `${name} ${what}`, { where: join(directory, name) });
}
