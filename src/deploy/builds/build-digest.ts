import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../proof/digest.ts';

/** The files of a build; nothing else belongs into its directory. */
export const buildFiles = ['manifest.json', 'server.mjs', 'widget.js'] as const;
export type BuildFile = (typeof buildFiles)[number];

/** SHA-256 of each file of a build. */
export type FileDigests = Readonly<Record<BuildFile, string>>;

/** The digest of a build: SHA-256 over its sorted lines `<sha256 of file>  <file name>`. */
export function buildDigest(files: FileDigests): string {
  const lines = buildFiles.map((name) => `${files[name]}  ${name}\n`);
  return sha256(lines.sort().join(''));
}

/** The digests of the files that lie in a build directory now. Rejects when one is missing. */
export async function readFileDigests(directory: string): Promise<FileDigests> {
  const digestOf = async (name: BuildFile) => sha256(await readFile(join(directory, name)));
  const [manifest, server, widget] = await Promise.all([
    digestOf('manifest.json'),
    digestOf('server.mjs'),
    digestOf('widget.js'),
  ]);
  return { 'manifest.json': manifest, 'server.mjs': server, 'widget.js': widget };
}
