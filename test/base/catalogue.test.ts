import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogue } from '../../src/base/catalogue.ts';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { packageRoot } from '../../src/base/package-root.ts';

const entries = Object.entries(catalogue) as [string, CatalogueEntry][];

async function sources(): Promise<string> {
  const texts: string[] = [];
  for (const room of ['src', 'commands']) {
    const found = await readdir(join(packageRoot(), room), { recursive: true });
    for (const name of found.filter((one) => one.endsWith('.ts') && !one.endsWith('catalogue.ts')))
      texts.push(await readFile(join(packageRoot(), room, name), 'utf8'));
  }
  return texts.join('\n');
}

describe('error catalogue', () => {
  it.each(entries)('%s says in sentences what it means and what to do', (_, entry) => {
    for (const text of [entry.meaning, entry.remedy]) {
      expect(text).toMatch(/^[A-Z`-]/);
      expect(text).toMatch(/\.$/);
      expect(text).not.toMatch(/\s{2}|\n/);
    }
  });

  it.each(
    entries,
  )('%s ends with an exit code of the contract, and never with success', (_, entry) => {
    expect(Object.keys(exitCodes)).toContain(String(entry.exit));
    expect(entry.exit).not.toBe(0);
  });

  it('holds no code that nobody uses', async () => {
    const text = await sources();
    expect(entries.map(([code]) => code).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  it('knows every code that the source throws', async () => {
    const text = await sources();
    const thrown = [...text.matchAll(/new AuroraError\(\s*'([A-Z_]+)'/g)].map((match) => match[1]);
    expect(thrown.length).toBeGreaterThan(50);
    expect([...new Set(thrown)].filter((code) => !Object.hasOwn(catalogue, code ?? ''))).toEqual(
      [],
    );
  });
});
