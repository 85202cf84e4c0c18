import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { exitCodes } from '../../src/base/exit-codes.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { wholeProgram } from './program.ts';

const root = packageRoot();
const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
const paths = ['README.md', 'CHANGELOG.md', ...docs.map((name) => join('docs', name))];
const pages = await Promise.all(
  paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
);

/** As a heading's anchor is made: lower case, no punctuation, blanks to hyphens. */
function anchors(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function matches(
  pattern: RegExp,
  texts = pages,
): readonly { readonly path: string; readonly found: string }[] {
  return texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([, found = '']) => ({ path, found })),
  );
}

describe('pages', () => {
  it('link to files and headings that are there', async () => {
    const prose = pages.map(({ path, text }) => ({ path, text: text.replace(/`[^`\n]*`/g, '') }));
    const links = matches(/\]\(([^)\s]+)\)/g, prose).filter(({ found }) => !/^https?:/.test(found));
    expect(links.length).toBeGreaterThan(20);
    for (const { path, found } of links) {
      const [file = '', anchor] = found.split('#');
      const target = file === '' ? join(root, path) : join(root, dirname(path), file);
      expect(existsSync(target), `${path}: ${found}`).toBe(true);
      if (anchor === undefined) continue;
      expect(anchors(await readFile(target, 'utf8')), `${path}: ${found}`).toContain(anchor);
    }
  });

  it('name scripts that package.json has', () => {
    const scripts = matches(/npm run ([a-z:]+)/g);
    expect(scripts.length).toBeGreaterThan(3);
    for (const { path, found } of scripts)
      expect(Object.keys(manifest.scripts), `${path}: ${found}`).toContain(found);
  });

  it('name verbs that there are', async () => {
    const program = await wholeProgram();
    const verbs = program.commands.map((command) => command.name());
    const named = matches(/(?:^|`)aurora ([a-z]+)\b/gm);
    expect(named.length).toBeGreaterThan(20);
    for (const { path, found } of named) expect(verbs, `${path}: aurora ${found}`).toContain(found);
  });

  it('give exit codes in the README as the contract has them', () => {
    const readme = pages[0]?.text ?? '';
    for (const [code, meaning] of Object.entries(exitCodes))
      expect(readme).toContain(`| ${code} | ${meaning} |`);
  });
});
