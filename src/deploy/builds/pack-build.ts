import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isoTime, systemClock } from '../../base/clock.ts';
import { hasCode } from '../../base/errors.ts';
import { privateDirectory, syncDirectory } from '../../base/files.ts';
import { packageRoot } from '../../base/package-root.ts';
import { sha256 } from '../../proof/digest.ts';
import { buildDigest } from './build-digest.ts';
import { type Bundles, bundle } from './bundle.ts';
import { updateIndex } from './index-file.ts';
import { manifestText } from './manifest.ts';
import { readSource } from './source.ts';
import { verifyBuild } from './verify-build.ts';

/** A build that lies in the store. */
export interface StoredBuild {
  readonly name: string;
  readonly version: string;
  /** 64 hexadecimal digits: which content it is. */
  readonly digest: string;
  /** Absolute path of the unpacked build. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly packedAt: number;
}

export interface PackOptions {
  /** Directory with `build.json` and, where the build adds something, `plugin.ts`. */
  readonly source: string;
  /** The store: `<state>/builds`. */
  readonly outDirectory: string;
  /** Instead of those in `build.json`. */
  readonly name?: string;
  readonly version?: string;
  /** Where aurora's sources are; found by itself when left out. */
  readonly root?: string;
  readonly now?: () => number;
}

/**
 * Packs a build into the store and enters it into the index. A build that is there already stays as
 * it is; one whose files were changed is put aside and replaced. BUILD_PACK_FAILED when the source
 * does not compile.
 */
export async function packBuild(options: PackOptions): Promise<StoredBuild> {
  const { name, version, now = systemClock.now } = options;
  const source = await readSource(resolve(options.source), {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
  });
  const bundles = await bundle(source, options.root ?? packageRoot());
  const store = resolve(options.outDirectory);
  await mkdir(store, { recursive: true, mode: privateDirectory });
  const digest = await keep(store, bundles);
  const packedAt = now();
  await updateIndex(store, (index) => ({
    ...index,
    [`${source.name}@${source.version}`]: { digest, packedAt: isoTime(packedAt) },
  }));
  const directory = join(store, digest);
  return { name: source.name, version: source.version, digest, directory, packedAt };
}

/** Puts the files into `<store>/<digest>`, whole or not at all. Returns the digest. */
async function keep(store: string, { server, widget }: Bundles): Promise<string> {
  const files = { 'server.mjs': sha256(server), 'widget.js': sha256(widget) };
  const manifest = manifestText(files);
  const digest = buildDigest({ ...files, 'manifest.json': sha256(manifest) });
  const temporary = join(store, `packing-${randomBytes(6).toString('hex')}`);
  await mkdir(temporary, { mode: privateDirectory });
  try {
    await Promise.all([
      writeFile(join(temporary, 'server.mjs'), server),
      writeFile(join(temporary, 'widget.js'), widget),
      writeFile(join(temporary, 'manifest.json'), manifest),
    ]);
    await syncDirectory(temporary);
    await moveIn(temporary, join(store, digest), digest);
    await syncDirectory(store);
    return digest;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Renames the temporary directory to its place, unless the same build is there already. */
async function moveIn(temporary: string, directory: string, digest: string): Promise<void> {
  try {
    await rename(temporary, directory);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await putAsideIfAltered(directory, digest);
    await rename(temporary, directory).catch((again: unknown) => {
      const reason = (again as { code?: unknown }).code;
      if (reason !== 'ENOTEMPTY' && reason !== 'EEXIST') throw again;
    });
  }
}

/** An altered build is kept for whoever looks into it, under a name that nothing deploys. */
async function putAsideIfAltered(directory: string, digest: string): Promise<void> {
  try {
    await verifyBuild(directory, digest);
  } catch (error) {
    if (!hasCode(error, 'BUILD_ALTERED')) throw error;
    await rename(directory, `${directory}.altered-${randomBytes(4).toString('hex')}`);
  }
}
