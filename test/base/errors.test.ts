import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/base/catalogue.ts';
import { AuroraError, hasCode, hasErrno, messageOf } from '../../src/base/errors.ts';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { packageRoot } from '../../src/base/package-root.ts';

async function sources(): Promise<string> {
  const root = join(packageRoot(), 'src');
  const names = await readdir(root, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('concierge'));
  return (await Promise.all(files.map((name) => readFile(join(root, name), 'utf8')))).join('\n');
}

describe('the catalogue of errors', () => {
  it('gives each error a meaning, a remedy and an exit code of the contract', () => {
    for (const [code, entry] of Object.entries(catalogue)) {
      expect(entry.meaning, code).toMatch(/\.$/);
      expect(entry.remedy, code).toMatch(/\.$/);
      expect(Object.keys(exitCodes), code).toContain(String(entry.exit));
    }
  });

  it('holds no error that nothing throws', async () => {
    const text = await sources();
    const unused = Object.keys(catalogue).filter((code) => !text.includes(`'${code}'`));
    expect(unused).toEqual([]);
  });
});

describe('an error', () => {
  it('says in one line what failed, where and what to do', () => {
    const error = new AuroraError('LEASE_HELD', 'production is held', { where: 'leases/x.json' });
    expect(error.line).toBe(
      `LEASE_HELD: production is held (leases/x.json). ${catalogue.LEASE_HELD.remedy}`,
    );
    expect(error.exitCode).toBe(7);
    expect(new AuroraError('USAGE', 'no', { remedy: 'Do so.' }).remedy).toBe('Do so.');
  });

  it('keeps its cause', () => {
    const cause = new Error('first');
    expect(new AuroraError('STORE_FAILED', 'second', { cause }).cause).toBe(cause);
  });

  it('is told apart by its code', () => {
    const error = new AuroraError('NO_DATA', 'none');
    expect(hasCode(error, 'NO_DATA')).toBe(true);
    expect(hasCode(error, 'USAGE')).toBe(false);
    expect(hasCode(new Error('NO_DATA'), 'NO_DATA')).toBe(false);
    expect(hasErrno(Object.assign(new Error('x'), { code: 'ENOENT' }), 'ENOENT')).toBe(true);
    expect(hasErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  });

  it.each([
    [new Error('boom'), 'boom'],
    ['just text', 'just text'],
    [undefined, 'undefined'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError(''), 'TypeError'],
    [new AggregateError([new Error('connect refused'), new Error('other')], ''), 'connect refused'],
  ])('has a short text whatever was thrown', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});
