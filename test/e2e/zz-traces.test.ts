import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, inject, it } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import { address, ask, credentials } from './outside.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));

/** Files whose purpose is to hold credentials, and the data of foreign servers. */
const keepers = /(credentials\.env|control\.token|\/flags\/|\/pgdata\/)/;

async function filesBelow(directory: string): Promise<readonly string[]> {
  const found = await readdir(directory, { withFileTypes: true, recursive: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Every secret there is: credentials of the stack, what lies in the vault, and what the shell had. */
async function secrets(): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(await credentials(company))) {
    const password = /:\/\/[^:/@]*:([^@]+)@/.exec(value)?.[1];
    if (password !== undefined) all.set(`${name} (password)`, password);
    else if (!/:\/\/[^@]*$/.test(value) || /WEBHOOK/.test(name)) all.set(name, value);
  }
  for (const [name, value] of Object.entries(inject('ambient'))) {
    const planted = /planted-[a-z-]+/.exec(value)?.[0];
    if (planted !== undefined) all.set(name, planted);
  }
  return all;
}

async function vaultSecrets(): Promise<ReadonlyMap<string, string>> {
  const vault = await address(company, 'vault');
  const held = await credentials(company);
  const login = await request(`${vault}/v1/auth/approle/login`, {
    method: 'POST',
    body: JSON.stringify({
      role_id: held.AURORA_LOCAL_VAULT_ROLE_ID,
      secret_id: held.AURORA_LOCAL_VAULT_SECRET_ID,
    }),
  });
  const { auth } = (await login.body.json()) as { auth: { client_token: string } };
  const all = new Map<string, string>();
  for (const path of [
    'aurora-staging-api-key',
    'aurora-prod-api-key',
    'aurora-staging-bucket',
    'aurora-prod-bucket',
    'aurora-staging-dashboard',
    'aurora-prod-dashboard',
  ]) {
    const answer = await request(`${vault}/v1/secret/data/${path}`, {
      headers: { 'x-vault-token': auth.client_token },
    });
    const { data } = (await answer.body.json()) as { data: { data: Record<string, string> } };
    for (const [field, value] of Object.entries(data.data)) all.set(`${path}#${field}`, value);
  }
  return all;
}

describe('after all releases and rollbacks', () => {
  it('no secret stands in any journal, ticket, report, log or state file', async () => {
    const wanted = new Map([...(await secrets()), ...(await vaultSecrets())]);
    expect(wanted.size).toBeGreaterThan(14);
    const files = (await filesBelow(company.directory)).filter((path) => !keepers.test(path));
    expect(files.some((path) => path.endsWith('journal.jsonl'))).toBe(true);
    expect(files.some((path) => path.endsWith('ticket.md'))).toBe(true);
    expect(files.some((path) => path.endsWith('production-blue.jsonl'))).toBe(true);
    const found: string[] = [];
    for (const path of files) {
      const text = await readFile(path, 'latin1');
      for (const [name, value] of wanted)
        if (text.includes(value)) found.push(`${name} in ${path}`);
    }
    expect(found).toEqual([]);
  });

  it('no secret was printed by any command of this run', async () => {
    const wanted = new Map([...(await secrets()), ...(await vaultSecrets())]);
    await company.start(['doctor']).ended;
    const printed = await readFile(join(company.directory, 'transcript.log'), 'utf8');
    expect(printed).toContain('$ aurora release 1.4.0');
    expect(printed).toContain('$ aurora rollback');
    for (const [name, value] of wanted) expect(printed.includes(value), name).toBe(false);
  });

  it.runIf(process.platform === 'linux')('no secret stands in any command line', async () => {
    const wanted = new Map([...(await secrets()), ...(await vaultSecrets())]);
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    const ours = lines.filter((line) => line.includes('dist/stack/'));
    expect(ours.length).toBeGreaterThan(5);
    for (const [name, value] of wanted)
      expect(
        lines.some((line) => line.includes(value)),
        name,
      ).toBe(false);
  });

  it('nothing touched the servers that the shell had exported', async () => {
    expect(await ask(inject('traps'))).toBe(0);
  });
});
