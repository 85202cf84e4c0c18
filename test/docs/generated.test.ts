import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { generatedFiles } from '../../src/docs/generate.ts';
import { wholeProgram } from './program.ts';

const root = packageRoot();
const files = await generatedFiles(await wholeProgram());

describe('generated docs and schemas', () => {
  it.each([
    ...files,
  ])('are what the source says now: %s (else: npm run docs)', async (path, text) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  });

  it('name no place of this machine', () => {
    for (const [path, text] of files) expect(text, path).not.toContain(root);
  });
});
