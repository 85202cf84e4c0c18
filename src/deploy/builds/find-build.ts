import { join, resolve } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { shortDigest } from '../../proof/digest.ts';
import { readIndex } from './index-file.ts';
import type { StoredBuild } from './pack-build.ts';

const shortestPrefix = 8;

/** Every build in the store, the newest first. */
export async function listBuilds(store: string): Promise<readonly StoredBuild[]> {
  const index = await readIndex(store);
  const builds = Object.entries(index).map(([label, { digest, packedAt }]) => {
    const at = label.lastIndexOf('@');
    return {
      name: label.slice(0, at),
      version: label.slice(at + 1),
      digest,
      directory: join(resolve(store), digest),
      packedAt: Date.parse(packedAt),
    };
  });
  return builds.sort((a, b) => b.packedAt - a.packedAt || (a.version < b.version ? 1 : -1));
}

/**
 * The one build that a person means: by version, by `name@version`, or by the first eight or more
 * digits of its digest. BUILD_UNKNOWN says what there is, or which ones are meant.
 */
export async function findBuild(store: string, selector: string): Promise<StoredBuild> {
  const builds = await listBuilds(store);
  const found = select(builds, selector);
  const [first] = found;
  const digests = new Set(found.map((build) => build.digest));
  if (first !== undefined && (digests.size === 1 || found.length === 1)) return first;
  throw found.length > 1 ? ambiguous(selector, found) : unknown(selector, builds, store);
}

/** The builds that a selector fits. A full label wins over a version, a version over a digest. */
function select(builds: readonly StoredBuild[], selector: string): readonly StoredBuild[] {
  const byLabel = builds.filter((build) => labelOf(build) === selector);
  if (byLabel.length > 0) return byLabel;
  const byVersion = builds.filter((build) => build.version === selector);
  if (byVersion.length > 0) return byVersion;
  if (selector.length < shortestPrefix || !/^[0-9a-f]+$/.test(selector)) return [];
  return builds.filter((build) => build.digest.startsWith(selector));
}

const labelOf = (build: StoredBuild): string => `${build.name}@${build.version}`;

function ambiguous(selector: string, found: readonly StoredBuild[]): AuroraError {
  const list = found.map((build) => `${labelOf(build)} (${shortDigest(build.digest)})`).join(', ');
  return new AuroraError('BUILD_UNKNOWN', `${selector} is ambiguous: ${list}`, {
    remedy: 'Name one of them in full.',
  });
}

/** Version numbers are short and much alike: fewer slips are forgiven than in words. */
function slipsInVersion(selector: string): number {
  return Math.max(1, Math.floor(selector.length / 4));
}

function unknown(selector: string, builds: readonly StoredBuild[], store: string): AuroraError {
  const message = `no build ${selector}`;
  if (builds.length === 0) {
    return new AuroraError('BUILD_UNKNOWN', `${message}: nothing is packed yet`, { where: store });
  }
  const words = builds.flatMap((build) => [labelOf(build), build.version]);
  const near = nearest(selector, words, slipsInVersion(selector));
  const list = builds.map(labelOf).join(', ');
  return new AuroraError('BUILD_UNKNOWN', `${message}; there is ${list}`, {
    where: store,
    ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
  });
}
