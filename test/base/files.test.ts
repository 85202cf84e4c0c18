import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/base/files.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { isAlive } from '../../src/base/process.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-files-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('atomic files', () => {
  it('are the owner’s alone, and so are the directories made for them', async () => {
    const path = join(directory, 'deep', 'file.json');
    await writeFileAtomic(path, 'x');
    expect(await modeOf(path)).toBe(0o600);
    expect(await modeOf(join(directory, 'deep'))).toBe(0o700);
  });

  it('take another mode when told so, and give a file its new one', async () => {
    const path = join(directory, 'junit.xml');
    await writeFile(path, 'old', { mode: 0o666 });
    await chmod(path, 0o666);
    await writeFileAtomic(path, 'new', 0o644);
    expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual(['new', 0o644]);
  });

  it('leave the old content and nothing else behind when writing fails', async () => {
    const path = join(directory, 'taken');
    await mkdir(join(path, 'by-a-directory'), { recursive: true });
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['taken']);
  });

  it('are always whole for readers, however many write at once', async () => {
    const path = join(directory, 'file');
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(20_000));
    await writeFileAtomic(path, texts[0] ?? '');
    const seen = new Set<string>();
    const writers = Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    let writing = true;
    const finished = writers.finally(() => {
      writing = false;
    });
    while (writing) seen.add(await readFile(path, 'utf8'));
    await finished;
    seen.add(await readFile(path, 'utf8'));
    for (const text of seen) expect(texts.includes(text)).toBe(true);
    expect(await readdir(directory)).toEqual(['file']);
  });
});

describe('the package directory', () => {
  it('is found from any module below it, past packages of other names', async () => {
    await writeFile(join(directory, 'package.json'), '{"name":"aurora"}');
    await mkdir(join(directory, 'dist', 'inner'), { recursive: true });
    await writeFile(join(directory, 'dist', 'package.json'), '{"name":"other"}');
    const module = pathToFileURL(join(directory, 'dist', 'inner', 'x.js')).href;
    expect(packageRoot(module)).toBe(directory);
  });

  it('is named as missing when there is none', () => {
    expect(() => packageRoot(pathToFileURL(join(directory, 'x.js')).href)).toThrow(
      expect.objectContaining({ code: 'INSTALLATION_BROKEN', where: directory }),
    );
  });
});

describe('a process', () => {
  it('is alive when it is there', () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(2 ** 22 + 1)).toBe(false);
  });
});
