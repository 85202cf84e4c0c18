import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { plannedOrigins, readEnvironmentsList } from '../../src/checks/environments-list.ts';
import { connectMap, environmentViews } from '../../src/config/environment-view.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type OpenedServices, openServices } from '../../src/config/open-services.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { configTemplate } from '../../src/config/template.ts';
import { http } from '../../src/services/http/request.ts';
import { type Loopback, loopback } from '../checks/support/loopback.ts';

let directory: string;
let vault: Loopback;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-services-'));
  vault = await loopback(() => ({ status: 503, body: { errors: ['Vault is sealed'] } }));
});
afterAll(async () => {
  await vault.close();
  await rm(directory, { recursive: true });
});

const credentials = {
  AURORA_VAULT_ROLE_ID: 'role-id-of-a-test',
  AURORA_VAULT_SECRET_ID: 'secret-id-of-a-test',
  AURORA_MONGODB_URI: 'mongodb://127.0.0.1:9',
  AURORA_UNLEASH_ADMIN_TOKEN: 'admin-token-of-a-test',
  AURORA_UNLEASH_STAGING_TOKEN: 'staging-token-of-a-test',
  AURORA_UNLEASH_PRODUCTION_TOKEN: 'production-token-of-a-test',
  AURORA_REDIS_URL: 'redis://127.0.0.1:9',
  AURORA_CDN_TOKEN: 'cdn-token-of-a-test',
  AURORA_SLACK_WEBHOOK: 'https://hooks.slack.example.com/services/T/B/secret',
  AURORA_STAGING_DRIVER_TOKEN: 'staging-driver-token',
  AURORA_PRODUCTION_DRIVER_TOKEN: 'production-driver-token',
};

let services: OpenedServices | undefined;
afterEach(async () => {
  await services?.close();
});

async function load(...changes: readonly (readonly [string, string])[]) {
  const path = join(directory, 'aurora.config.yaml');
  const text = configTemplate().replace('https://vault.example.com', vault.url);
  await writeFile(
    path,
    changes.reduce((before, [from, to]) => before.replace(from, to), text),
  );
  return loadConfig(path);
}

async function open(
  variables: Record<string, string | undefined> = credentials,
  ...changes: readonly (readonly [string, string])[]
) {
  services = openServices(await load(...changes), variables);
  return services;
}

describe('services', () => {
  it('open each on its own and the same one every time, without asking the vault', async () => {
    const opened = await open();
    const before = vault.received.length;
    expect((await opened.flags()).label).toContain('unleash.example.com');
    expect(await opened.flags()).toBe(await opened.flags());
    expect((await opened.secrets()).label).toContain(vault.url);
    expect((await opened.database()).label).toContain('127.0.0.1:9');
    expect((await opened.cache()).label).toContain('127.0.0.1:9');
    expect((await opened.cdn()).label).toContain('glowglitch');
    expect((await opened.notify()).map(({ audience }) => audience)).toEqual(['#aurora-ops']);
    expect((await opened.alerts()).label).toContain('alertmanager.example.com');
    for (const name of ['staging', 'production'] as const) {
      expect((await opened.driver(name)).environment).toBe(name);
      expect((await opened.metrics(name)).label).toContain(name);
      expect((await opened.logs(name)).label).toContain(`${name}-blue.jsonl`);
    }
    expect(vault.received.length).toBe(before);
  });

  it('miss a credential by its name and its place, and can be opened once it is there', async () => {
    const variables: Record<string, string | undefined> = { ...credentials };
    variables.AURORA_UNLEASH_PRODUCTION_TOKEN = undefined;
    const opened = await open(variables);
    await expect(opened.flags()).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      message: 'AURORA_UNLEASH_PRODUCTION_TOKEN is not set',
      where: 'services/flags/clientTokens/production',
    });
    expect((await opened.cdn()).label).toBeTruthy();
    variables.AURORA_UNLEASH_PRODUCTION_TOKEN = credentials.AURORA_UNLEASH_PRODUCTION_TOKEN;
    expect((await opened.flags()).label).toContain('unleash');
  });

  it('that keep a credential in a sealed vault fail alone', async () => {
    const opened = await open(credentials, [
      'url: { env: AURORA_REDIS_URL }',
      'url: { vault: aurora-redis#url }',
    ]);
    await expect(opened.cache()).rejects.toMatchObject({ code: 'SERVICE_REFUSED' });
    expect((await opened.flags()).label).toContain('unleash');
  });

  it('close whatever was opened, also nothing and twice', async () => {
    const opened = await open();
    await opened.close();
    await opened.close();
    const other = await open();
    await other.cache();
    await other.database();
    await expect(other.close()).resolves.toBeUndefined();
  });
});

describe('environments', () => {
  const origins = async () => plannedOrigins(await readEnvironmentsList(shippedChecklists()));
  const connect = (port: string) =>
    [
      'envFile: ./env/production.env',
      `envFile: ./env/production.env\n    connect: { https://api.glowglitch.com: http://127.0.0.1:${port} }`,
    ] as const;

  it("take their origin from the plan's matrix and their variables from the env file", async () => {
    const loaded = await load(connect('1'));
    const opened = openServices(loaded, credentials);
    services = opened;
    const views = environmentViews(loaded, await origins(), opened.dispatcher);
    expect(views.staging.origin).toBe('https://staging.api.glowglitch.com');
    expect(views.production.origin).toBe('https://api.glowglitch.com');
    expect(connectMap(loaded)).toEqual({ 'https://api.glowglitch.com': 'http://127.0.0.1:1' });
    expect(Object.keys(views.staging.views)).toEqual(['widget', 'dashboard']);
    await expect(views.staging.variables()).rejects.toMatchObject({
      code: 'ENV_FILE_INVALID',
      where: join(directory, 'env/staging.env'),
    });
  });

  it('are reached through the connect map, under their public name', async () => {
    const server = await loopback(() => ({ body: {} }));
    try {
      const loaded = await load(connect(new URL(server.url).port));
      const opened = openServices(loaded, credentials);
      services = opened;
      const { production } = environmentViews(loaded, await origins(), opened.dispatcher);
      const { dispatcher } = production;
      const url = `${production.origin}/api/health`;
      const answer = await http({ url, dispatcher }, new AbortController().signal);
      expect(answer.status).toBe(200);
      expect(server.received[0]?.headers.host).toBe('api.glowglitch.com');
    } finally {
      await server.close();
    }
  });
});
