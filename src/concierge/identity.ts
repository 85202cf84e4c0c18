import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files a build consists of. */
const buildFiles = ['manifest.json', 'server.mjs', 'widget.js'] as const;

/** Which build this process runs, and the widget bundle that belongs to it. */
export interface Identity {
  /** 64 hexadecimal digits. */
  readonly build: string;
  readonly widget: { readonly digest: string; readonly content: Buffer };
}

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * Computes the digest of the build in this directory from the bytes that are there now, so that a
 * process cannot claim to be a build that it is not.
 */
export async function readIdentity(directory: string): Promise<Identity> {
  const contents = await Promise.all(buildFiles.map((name) => readFile(join(directory, name))));
  const lines = buildFiles.map((name, i) => `${sha256(contents[i] ?? '')}  ${name}\n`);
  const widget = contents[buildFiles.indexOf('widget.js')] ?? Buffer.alloc(0);
  return {
    build: sha256(lines.sort().join('')),
    widget: { digest: sha256(widget), content: widget },
  };
}
