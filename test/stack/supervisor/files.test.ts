import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/base/package-root.ts';
import { readEnvFile } from '../../../src/config/env-file.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { configFile, writeConfig } from '../../../src/stack/supervisor/config-file.ts';
import {
  credentialNames,
  credentialsFile,
  writeCredentials,
} from '../../../src/stack/supervisor/credentials.ts';
import {
  envFile,
  fillTemplate,
  vaultSecrets,
  writeEnvFiles,
} from '../../../src/stack/supervisor/env-files.ts';
import { databaseNames, sessionPrefixes } from '../../../src/stack/supervisor/layout.ts';
import { aLayout } from './a-layout.ts';

let root: string;
let directory: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aurora-files-'));
  directory = join(root, 'stack');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const givenMongodb = {
  mongodb: { from: 'given', address: 'mongodb://me:pass-word@127.0.0.1:27017/?tls=false' },
} as const;

describe('the configuration that a stack writes', () => {
  it('is valid, a rehearsal, and names only credentials that the stack wrote', async () => {
    const layout = await aLayout(directory);
    await writeConfig(layout);
    await writeCredentials(layout, { roleId: 'a-role', secretId: 'a-secret-id' });
    const text = await readFile(configFile(layout), 'utf8');
    const config = configSchema.parse(parse(text));
    expect(config).toMatchObject({ rehearsal: true, state: '..' });
    const written = await readEnvFile(credentialsFile(layout));
    const named = [...text.matchAll(/env: (AURORA_\w+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.values(credentialNames)));
    expect([...written.keys()].sort()).toEqual(Object.values(credentialNames).sort());
  });

  it('holds no secret; the credentials are the owner’s alone', async () => {
    const layout = await aLayout(directory, givenMongodb);
    await writeConfig(layout);
    await writeCredentials(layout, { roleId: 'a-role', secretId: 'a-secret-id' });
    const text = await readFile(configFile(layout), 'utf8');
    const secrets = JSON.stringify(layout.secrets).match(/[A-Za-z0-9_.:*]{20,}/g) ?? [];
    expect(secrets.length).toBeGreaterThan(10);
    for (const secret of [...secrets, 'pass-word']) expect(text).not.toContain(secret);
    expect((await stat(credentialsFile(layout))).mode & 0o777).toBe(0o600);
  });

  it('marks every name on a server that was given', async () => {
    const layout = await aLayout(directory, {
      ...givenMongodb,
      redis: { from: 'given', address: 'redis://127.0.0.1:6379' },
    });
    expect(Object.values(databaseNames(layout)).join()).toBe(
      'aurora_stack_0123abcd_concierge_staging,aurora_stack_0123abcd_concierge_production,aurora_stack_0123abcd_aurora',
    );
    expect(sessionPrefixes(layout).production).toBe(
      'aurora:aurora_stack_0123abcd:production:session:',
    );
  });
});

describe('the env files that a stack writes', () => {
  it.each(['staging', 'production'] as const)('hold the plan’s matrix of %s', async (name) => {
    const layout = await aLayout(directory);
    await writeEnvFiles(layout);
    const env = await readEnvFile(envFile(layout, name));
    const path = join(packageRoot(), 'checklists', 'environments.yaml');
    const matrix = parse(await readFile(path, 'utf8')) as {
      variables: Record<string, Record<string, string | { vault: string }>>;
    };
    expect(Object.keys(matrix.variables)).toHaveLength(10);
    for (const [variable, expected] of Object.entries(matrix.variables)) {
      const value = expected[name];
      const wanted = typeof value === 'object' ? `vault:${value.vault}` : value;
      expect(env.get(variable)).toBe(wanted);
    }
    expect(env.get('AURORA_FAKE_MODE')).toBe('false');
    expect(env.get('AURORA_USE_STUBS')).toBe('false');
    expect([...env.values()].join('\n')).not.toContain('{{');
  });

  it('refer to secrets that lie in the vault, and hold none', async () => {
    const layout = await aLayout(directory, givenMongodb);
    await writeEnvFiles(layout);
    const vault = vaultSecrets(layout);
    for (const name of ['staging', 'production'] as const) {
      const env = await readEnvFile(envFile(layout, name));
      const references = [...env.values()].filter((value) => value.startsWith('vault:'));
      expect(references).toHaveLength(8);
      for (const reference of references) {
        const [path = '', field = 'value'] = reference.slice('vault:'.length).split('#');
        expect(vault[path]?.[field], reference).toMatch(/.{8,}/);
      }
      expect([...env.values()].join()).not.toContain('pass-word');
    }
    expect(vault['aurora-prod-mongodb']?.uri).toBe(
      'mongodb://me:pass-word@127.0.0.1:27017/aurora_stack_0123abcd_concierge_production?tls=false',
    );
  });

  it('are refused with a placeholder that nothing fills', () => {
    expect(() => fillTemplate('A={{NOBODY_KNOWS}}\n', {}, 'x.env')).toThrow(
      expect.objectContaining({ code: 'ENV_FILE_INVALID' }),
    );
  });
});
