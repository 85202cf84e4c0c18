import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../src/base/errors.ts';
import { findConfig, loadConfig } from '../../src/config/load-config.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { configTemplate } from '../../src/config/template.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-config-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Loads the template after some of its text was changed. */
async function load(...changes: readonly (readonly [string, string])[]) {
  let text = configTemplate();
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const path = join(directory, 'aurora.config.yaml');
  await writeFile(path, text);
  return loadConfig(path);
}

/** The line of the error, with the directory left out. */
async function problem(...changes: readonly (readonly [string, string])[]) {
  try {
    await load(...changes);
  } catch (error) {
    if (hasCode(error, 'CONFIG_INVALID')) {
      return `${error.where?.replace(`${directory}/`, '')} ${error.message}`;
    }
    throw error;
  }
  return 'valid';
}

describe('the configuration that init writes', () => {
  it('is valid as it stands, and a release is no rehearsal unless it says so', async () => {
    const { config, checklists } = await load();
    expect(config.project).toBe('aurora-concierge');
    expect(config.rehearsal).toBe(false);
    expect(checklists).toBe(shippedChecklists());
  });

  it('takes any project name', async () => {
    const path = join(directory, 'named.yaml');
    await writeFile(path, configTemplate('a: "b" # c'));
    expect((await loadConfig(path)).config.project).toBe('a: "b" # c');
  });

  it('stays valid with what it keeps in comments', async () => {
    const { config } = await load(
      ['# credentials:', 'credentials:'],
      ['    # connect:\n    #   https', '    connect:\n      https'],
      ['      # fields:', '      fields:'],
      ['      # token: { env: VAULT_TOKEN }\n', ''],
      ['    # - kind: pagerduty\n    #   policy', '    - kind: pagerduty\n      policy'],
      ['    #   routingKey', '      routingKey'],
      ['    # - kind: email\n    #   host', '    - kind: email\n      host'],
      ['    #   port', '      port'],
      ['    #   from', '      from'],
      ['    #   to', '      to'],
      ['# plan:', 'plan:'],
    );
    expect(config.services.notify.map(({ kind }) => kind)).toEqual(['slack', 'pagerduty', 'email']);
    expect(config.environments.staging.logs.fields).toEqual({
      status: 'http.status',
      endpoint: 'path',
    });
  });
});

describe('loading a configuration', () => {
  it("counts paths from the file's own directory", async () => {
    const { config, stateDirectory, checklists } = await load(
      ['# credentials: ./credentials.env', 'credentials: ./secret/credentials.env'],
      ['# plan: ./checklists', 'plan: ./checklists'],
      ['/var/log/concierge/staging-blue.jsonl', 'logs/blue.jsonl'],
    );
    expect(config.environments.staging.envFile).toBe(join(directory, 'env/staging.env'));
    expect(config.environments.staging.logs.paths).toEqual([
      join(directory, 'logs/blue.jsonl'),
      '/var/log/concierge/staging-green.jsonl',
    ]);
    expect(config.credentials).toBe(join(directory, 'secret/credentials.env'));
    expect(stateDirectory).toBe(join(directory, '.aurora'));
    expect(checklists).toBe(join(directory, 'checklists'));
  });

  it('names an unknown key, its line, and the key that was meant', async () => {
    expect(
      await problem(['    envFile: ./env/staging.env', '    envfile: ./env/staging.env']),
    ).toBe(
      'aurora.config.yaml:18 environments/staging/envfile: unknown key, did you mean "envFile"?; ' +
        'environments/staging/envFile: is missing (expected string)',
    );
  });

  it('lists the known keys when none is near', async () => {
    expect(await problem(['project:', 'zzzzzzzzzzzz: 1\nproject:'])).toContain(
      'zzzzzzzzzzzz: unknown key; known are project, rehearsal, credentials, environments',
    );
  });

  it('knows the keys inside a list and a union', async () => {
    expect(await problem(['      channel:', '      chanel: x\n      channel:'])).toContain(
      'services/notify/0/chanel: unknown key, did you mean "channel"?',
    );
  });

  it('refuses a secret that stands there, without repeating it', async () => {
    const text = await problem([
      'adminToken: { env: AURORA_UNLEASH_ADMIN_TOKEN }',
      'adminToken: hunter2x',
    ]);
    expect(text).toContain('services/flags/adminToken: a secret is a reference');
    expect(text).not.toContain('hunter2x');
  });

  it.each([
    [
      'another kind',
      ['kind: vault', 'kind: safe'],
      "services/secrets/kind: invalid discriminator value. Expected 'vault'",
    ],
    [
      'an address with a path as origin',
      [
        '    # connect:\n    #   https://staging.api.glowglitch.com: http://127.0.0.1:8080',
        '    connect:\n      https://a.example.com: http://127.0.0.1:1/x',
      ],
      'an origin without a path',
    ],
    ['a port of words', ['state: .aurora', 'state: 5'], 'state: invalid input: expected string'],
    [
      'a vault reference for the vault',
      ['roleId: { env: AURORA_VAULT_ROLE_ID }', 'roleId: { vault: a#b }'],
      "services/secrets/auth/roleId: the vault's own credential cannot come from the vault",
    ],
    ['something that is not YAML', ['project:', '\tproject: ['], 'not YAML'],
    [
      'a key that comes twice',
      ['rehearsal: false', 'rehearsal: false\nrehearsal: true'],
      'not YAML: Map keys must be unique',
    ],
  ] as const)('refuses %s', async (_, change, reason) => {
    expect(await problem(change)).toContain(reason);
  });

  it('refuses one origin that leads to two places', async () => {
    const connect = (port: number) =>
      `connect: { https://a.example.com: http://127.0.0.1:${port} }`;
    const staging = [
      'envFile: ./env/staging.env',
      `envFile: ./env/staging.env\n    ${connect(1)}`,
    ] as const;
    const production = (port: number) =>
      [
        'envFile: ./env/production.env',
        `envFile: ./env/production.env\n    ${connect(port)}`,
      ] as const;
    expect(await problem(staging, production(1))).toBe('valid');
    expect(await problem(staging, production(2))).toContain(
      'environments/production/connect: https://a.example.com already leads to http://127.0.0.1:1',
    );
  });
});

describe('finding the configuration', () => {
  const sources = (argument: string | undefined, variable?: string) => ({
    argument,
    variables: { AURORA_CONFIG: variable },
    workingDirectory: directory,
  });

  it('takes --config before AURORA_CONFIG before ./aurora.config.yaml', async () => {
    for (const name of ['a.yaml', 'b.yaml', 'aurora.config.yaml']) {
      await writeFile(join(directory, name), '');
    }
    expect(findConfig(sources('a.yaml', 'b.yaml'))).toBe(join(directory, 'a.yaml'));
    expect(findConfig(sources(undefined, join(directory, 'b.yaml')))).toBe(
      join(directory, 'b.yaml'),
    );
    expect(findConfig(sources(undefined, ''))).toBe(join(directory, 'aurora.config.yaml'));
  });

  it('never falls back to another file than the named one', () => {
    expect(() => findConfig(sources('missing.yaml', 'b.yaml'))).toThrow(
      expect.objectContaining({ code: 'CONFIG_MISSING', where: join(directory, 'missing.yaml') }),
    );
  });
});
