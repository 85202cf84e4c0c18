import { appendFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readIndex, updateIndex } from '../../../src/deploy/builds/index-file.ts';
import { packBuild, type StoredBuild } from '../../../src/deploy/builds/pack-build.ts';
import { verifyBuild } from '../../../src/deploy/builds/verify-build.ts';
import { cleanUpAfterwards, fixture, temporaryDirectory } from './support.ts';

cleanUpAfterwards();

const root = fileURLToPath(new URL('../../..', import.meta.url));
let store = '';
let build: StoredBuild;
beforeAll(async () => {
  store = await temporaryDirectory();
  build = await packBuild({ source: fixture('1.4.0'), outDirectory: store });
});

describe('packing', () => {
  it('makes a build of three files and enters it into the index', async () => {
    expect(build).toMatchObject({ name: 'concierge', version: '1.4.0' });
    expect((await readdir(build.directory)).sort()).toEqual([
      'manifest.json',
      'server.mjs',
      'widget.js',
    ]);
    expect(await readIndex(store)).toEqual({
      'concierge@1.4.0': {
        digest: build.digest,
        packedAt: new Date(build.packedAt).toISOString(),
      },
    });
    await verifyBuild(build.directory, build.digest);
  });
  it('gives the same digest from another directory, under another name', async () => {
    const elsewhere = await temporaryDirectory();
    await cp(join(root, 'src', 'concierge'), join(elsewhere, 'src', 'concierge'), {
      recursive: true,
    });
    await cp(fixture('1.4.0'), join(elsewhere, 'sources', 'x'), { recursive: true });
    // The package's own description: it says that these sources are ES modules.
    await cp(join(root, 'package.json'), join(elsewhere, 'package.json'));
    await symlink(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
    const again = await packBuild({
      source: join(elsewhere, 'sources', 'x'),
      outDirectory: join(elsewhere, 'store'),
      root: elsewhere,
      name: 'renamed',
    });
    expect(again.digest).toBe(build.digest);
  });
  it('freezes no path of the machine into the build', async () => {
    const server = await readFile(join(build.directory, 'server.mjs'), 'utf8');
    expect(server).not.toContain(root);
    expect(server).not.toContain('fixtures/builds');
  });
  it('keeps the widget small and puts the label into it', async () => {
    const widget = await readFile(join(build.directory, 'widget.js'));
    expect(gzipSync(widget).length).toBeLessThan(25_000);
    expect(widget.toString()).toContain('Ask Aurora');
  });
  it('gives another digest when a text changes', async () => {
    const source = await temporaryDirectory();
    await cp(fixture('1.4.0'), source, { recursive: true });
    const plugin = join(source, 'plugin.ts');
    const text = await readFile(plugin, 'utf8');
    await writeFile(plugin, text.replace('Reserve for me', 'Reserve for us'));
    const changed = await packBuild({ source, outDirectory: store, version: '1.4.1' });
    expect(changed.digest).not.toBe(build.digest);
  });
  it('names the line that does not compile', async () => {
    const source = await temporaryDirectory();
    await writeFile(join(source, 'build.json'), '{"name":"concierge","version":"2.0.0"}');
    await writeFile(join(source, 'plugin.ts'), 'export const plugin = (;\n');
    const packing = packBuild({ source, outDirectory: store });
    await expect(packing).rejects.toMatchObject({
      code: 'BUILD_PACK_FAILED',
      where: expect.stringMatching(/plugin\.ts:1$/),
    });
  });
  it('names build.json when it is missing or not as it must be', async () => {
    const source = await temporaryDirectory();
    const where = join(source, 'build.json');
    const packing = () => packBuild({ source, outDirectory: store });
    await expect(packing()).rejects.toMatchObject({ code: 'BUILD_PACK_FAILED', where });
    await writeFile(where, '{"name":"concierge"}');
    await expect(packing()).rejects.toMatchObject({ code: 'BUILD_PACK_FAILED', where });
  });
  it('puts an altered build aside and packs it anew', async () => {
    const own = await temporaryDirectory();
    const packed = await packBuild({ source: fixture('1.3.0'), outDirectory: own });
    await appendFile(join(packed.directory, 'server.mjs'), '// touched\n');
    const again = await packBuild({ source: fixture('1.3.0'), outDirectory: own });
    expect(again.digest).toBe(packed.digest);
    await verifyBuild(again.directory, again.digest);
    const names = await readdir(own);
    expect(names.filter((name) => name.includes('.altered-'))).toHaveLength(1);
    expect(names.filter((name) => name.startsWith('packing-'))).toEqual([]);
  });
});

describe('verifying', () => {
  it.each([
    'server.mjs',
    'widget.js',
    'manifest.json',
  ])('names %s when a byte is changed', async (file) => {
    const copy = join(await temporaryDirectory(), 'build');
    await cp(build.directory, copy, { recursive: true });
    const path = join(copy, file);
    const content = await readFile(path);
    content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
    await writeFile(path, content);
    await expect(verifyBuild(copy, build.digest)).rejects.toMatchObject({
      code: 'BUILD_ALTERED',
      where: path,
    });
  });
  it('notices a missing and a foreign file, and a directory that is not there', async () => {
    const copy = join(await temporaryDirectory(), 'build');
    await cp(build.directory, copy, { recursive: true });
    await writeFile(join(copy, 'preload.mjs'), '');
    const foreign = verifyBuild(copy, build.digest);
    await expect(foreign).rejects.toMatchObject({ where: join(copy, 'preload.mjs') });
    const empty = join(copy, 'empty');
    await mkdir(empty);
    await expect(verifyBuild(empty, build.digest)).rejects.toThrow('manifest.json is missing');
    const nowhere = verifyBuild(join(copy, 'nowhere'), build.digest);
    await expect(nowhere).rejects.toMatchObject({ code: 'BUILD_ALTERED' });
  });
});

describe('the index', () => {
  it('loses no entry when many write at once', async () => {
    const own = await temporaryDirectory();
    const packedAt = new Date(0).toISOString();
    const names = Array.from({ length: 20 }, (_, n) => `concierge@${n}.0.0`);
    const entry = { digest: 'a'.repeat(64), packedAt };
    await Promise.all(
      names.map((name) => updateIndex(own, (index) => ({ ...index, [name]: entry }))),
    );
    expect(Object.keys(await readIndex(own)).sort()).toEqual([...names].sort());
    expect(await readdir(own)).toEqual(['index.json']);
  });
  it('says so when it is broken, instead of taking it for empty', async () => {
    const own = await temporaryDirectory();
    await writeFile(join(own, 'index.json'), '{"concierge@1.0.0": ');
    await expect(readIndex(own)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});
