// A name for what a build was made of: another source, another name.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const folders = ['bin', 'commands', 'src'];
const files = ['package.json', 'package-lock.json'];

/** SHA-256 over names and contents of aurora's own sources and the versions of its packages. */
export async function buildId(root) {
  const found = await Promise.all(
    folders.map((folder) => readdir(join(root, folder), { withFileTypes: true, recursive: true })),
  );
  const paths = found
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const hash = createHash('sha256');
  for (const path of [...paths, ...files.map((name) => join(root, name))].sort()) {
    // An installed package has no lock file.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
