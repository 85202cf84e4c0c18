import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** Directory of a build's source that the product ships. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/builds/${name}`, import.meta.url));
}

const made: string[] = [];

/** A directory that is gone after the file's tests. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-builds-'));
  made.push(directory);
  return directory;
}

/** Call once in each file that uses `temporaryDirectory`. */
export function cleanUpAfterwards(): void {
  afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));
}
