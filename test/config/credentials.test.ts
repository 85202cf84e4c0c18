import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redact } from '../../src/base/redact.ts';
import { openCredentials } from '../../src/config/credentials.ts';
import { secretsWith } from '../checks/support/memory.ts';

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-credentials-'));
  file = join(directory, 'credentials.env');
  await writeFile(file, 'BOTH=from-the-file\nFILE_ONLY=file-only-value\nEMPTY=\n', { mode: 0o600 });
});
afterAll(() => rm(directory, { recursive: true }));

const signal = new AbortController().signal;
const closed = async () => {
  throw new Error('the vault was opened');
};
const where = 'services/flags/adminToken';

function credentials(variables: Record<string, string>, path: string | undefined = file) {
  return openCredentials({ variables, file: path, secrets: closed });
}

describe('credentials', () => {
  it('come from the environment before the file, and never open the vault', async () => {
    const source = credentials({ BOTH: 'from-the-environment' });
    const both = await source.resolve({ env: 'BOTH' }, where, signal);
    const only = await source.resolve({ env: 'FILE_ONLY' }, where, signal);
    expect([both.reveal(), only.reveal()]).toEqual(['from-the-environment', 'file-only-value']);
    expect(redact('x from-the-environment file-only-value')).toBe('x [secret] [secret]');
  });

  it.each([
    'MISSING',
    'EMPTY',
  ])('%s name the variable and the place in the configuration', async (name) => {
    await expect(credentials({}).resolve({ env: name }, where, signal)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      message: `${name} is not set`,
      where,
      remedy: `Export ${name}, or add it to ${file}.`,
    });
  });

  it('do without a file when none is configured', async () => {
    const source = openCredentials({ variables: {}, secrets: closed });
    await expect(source.resolve({ env: 'A' }, where, signal)).rejects.toMatchObject({
      remedy: 'Export A.',
    });
  });

  it('refuse a file that others may read', async () => {
    const open = join(directory, 'open.env');
    await writeFile(open, 'A=1\n');
    await chmod(open, 0o644);
    await expect(credentials({}, open).resolve({ env: 'A' }, where, signal)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      remedy: `Run: chmod 600 ${open}`,
    });
  });

  it('refuse a file that is not there', async () => {
    const missing = join(directory, 'missing.env');
    await expect(
      credentials({}, missing).resolve({ env: 'A' }, where, signal),
    ).rejects.toMatchObject({ code: 'CREDENTIAL_MISSING', where: missing });
  });

  it('come from the vault by path and field', async () => {
    const secrets = secretsWith({ 'aurora-redis#url': 'redis://:pass-word@127.0.0.1' });
    const source = openCredentials({ variables: {}, secrets: async () => secrets });
    const found = await source.resolve({ vault: 'aurora-redis#url' }, where, signal);
    expect(found.reveal()).toBe('redis://:pass-word@127.0.0.1');
    await expect(source.resolve({ vault: 'nothing#x' }, where, signal)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      message: 'vault:nothing#x is not there',
      where,
    });
  });
});
