import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentNames } from '../../../src/base/environments.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { buildDigest } from '../../../src/deploy/builds/build-digest.ts';
import { manifestText } from '../../../src/deploy/builds/manifest.ts';
import { sha256 } from '../../../src/proof/digest.ts';
import { approverLine } from '../../../src/proof/ssh/allowed-signers.ts';
import { generateKey } from '../../../src/proof/ssh/private-key.ts';
import { writeKeyPair } from '../../../src/services/signing/write-key.ts';
import { type Company, publicHosts } from './company.ts';
import { cleanLog } from './customers.ts';
import { flagTokens } from './flag-server.ts';
import { writePlan } from './plan-files.ts';

/** Two tiny builds; what is in them is never run, only verified. */
export interface Builds {
  readonly stable: string;
  readonly candidate: string;
}

async function writeBuild(store: string, version: string): Promise<string> {
  const texts = { 'server.mjs': `// server of ${version}\n`, 'widget.js': `// ${version}\n` };
  const files = {
    'server.mjs': sha256(texts['server.mjs']),
    'widget.js': sha256(texts['widget.js']),
  };
  const manifest = manifestText(files);
  const digest = buildDigest({ ...files, 'manifest.json': sha256(manifest) });
  await mkdir(join(store, digest), { recursive: true });
  for (const [name, text] of Object.entries({ ...texts, 'manifest.json': manifest })) {
    await writeFile(join(store, digest, name), text);
  }
  return digest;
}

async function writeEnvFile(directory: string, name: 'staging' | 'production'): Promise<void> {
  const matrix = parse(await readFile(join(shippedChecklists(), 'environments.yaml'), 'utf8')) as {
    variables: Record<string, Record<string, unknown>>;
  };
  const lines = Object.entries(matrix.variables).flatMap(([variable, { [name]: value }]) =>
    typeof value === 'string' ? [`${variable}=${value}`] : [],
  );
  const stubs = ['AURORA_FAKE_MODE=false', 'AURORA_USE_STUBS=false', ''];
  await writeFile(join(directory, `${name}.env`), [...lines, ...stubs].join('\n'));
}

/** The product manager's key, and the file that lets it approve. */
async function writeKey(directory: string): Promise<void> {
  const { privateKey, publicKey } = generateKey('Omar V.');
  await writeKeyPair(join(directory, managersKey), privateKey, publicKey);
  const person = { id: 'omar.v@aurora.example', name: 'Omar V.', roles: ['product-manager'] };
  await writeFile(
    join(directory, 'plan', 'approvers'),
    `${approverLine({ ...person, key: publicKey })}\n`,
  );
}

/** Name of the product manager's key in a project. */
export const managersKey = 'omar.key';

/** What every project has in common: plan, builds and env files, written once. */
export async function writeTemplate(directory: string): Promise<Builds> {
  const store = join(directory, 'state', 'builds');
  await mkdir(join(directory, 'plan'), { recursive: true });
  await mkdir(store, { recursive: true, mode: 0o700 });
  await writePlan(join(directory, 'plan'));
  await writeKey(directory);
  const [stable, candidate] = [await writeBuild(store, '1.3.0'), await writeBuild(store, '1.4.0')];
  const packedAt = '2026-01-01T00:00:00.000Z';
  const index = {
    'concierge@1.3.0': { digest: stable, packedAt },
    'concierge@1.4.0': { digest: candidate, packedAt },
  };
  await writeFile(join(store, 'index.json'), JSON.stringify(index));
  for (const name of environmentNames) {
    await writeEnvFile(directory, name);
    await writeFile(join(directory, `${name}.jsonl`), cleanLog(candidate));
  }
  return { stable, candidate };
}

function environment(name: 'staging' | 'production', services: string): object {
  const origin = `https://${publicHosts[name]}`;
  return {
    envFile: `${name}.env`,
    connect: { [origin]: services },
    driver: {
      kind: 'process',
      host: services,
      edge: `${services}/edge/${name}`,
      token: { env: 'DRIVER_TOKEN' },
    },
    metrics: { kind: 'concierge' },
    logs: { kind: 'file', paths: [`${name}.jsonl`] },
    views: { widget: `${origin}/widget.js`, health: `${origin}/api/health` },
  };
}

/** The variables that the configuration refers to. */
export function variablesOf({ addresses }: Company): Record<string, string> {
  return {
    DRIVER_TOKEN: 'driver-token-of-a-test',
    FLAGS_ADMIN: flagTokens.admin,
    FLAGS_STAGING: flagTokens.staging,
    FLAGS_PRODUCTION: flagTokens.production,
    REDIS_URL: addresses.redis,
    SLACK_WEBHOOK: `${addresses.receivers}/slack/hook`,
  };
}

/** Writes a configuration for this company beside a copy of the template; returns its path. */
export async function writeProject(
  template: string,
  directory: string,
  { addresses: { services, receivers } }: Company,
): Promise<string> {
  await cp(template, directory, { recursive: true });
  const perEnvironment = <T>(make: (name: 'staging' | 'production') => T) => ({
    staging: make('staging'),
    production: make('production'),
  });
  const config = {
    project: 'aurora-concierge',
    rehearsal: true,
    environments: perEnvironment((name) => environment(name, services)),
    services: {
      secrets: { kind: 'vault', url: services, auth: { token: { env: 'NONE' } } },
      database: {
        kind: 'mongodb',
        uri: { env: 'NONE' },
        databases: { staging: 'staging', production: 'production' },
      },
      flags: {
        kind: 'unleash',
        url: services,
        adminToken: { env: 'FLAGS_ADMIN' },
        clientTokens: {
          staging: { env: 'FLAGS_STAGING' },
          production: { env: 'FLAGS_PRODUCTION' },
        },
      },
      cache: {
        kind: 'redis',
        url: { env: 'REDIS_URL' },
        prefixes: { staging: 'staging:session:', production: 'production:session:' },
      },
      cdn: { kind: 'purge', urls: perEnvironment((name) => `https://${publicHosts[name]}`) },
      notify: [{ kind: 'slack', channel: '#aurora-ops', webhook: { env: 'SLACK_WEBHOOK' } }],
      alerts: { kind: 'alertmanager', url: receivers, labels: { service: 'aurora-concierge' } },
    },
    // One plan for all: what was made of it once is found in the cache.
    plan: join(template, 'plan'),
    state: 'state',
  };
  const path = join(directory, 'aurora.config.yaml');
  // JSON is YAML too.
  await writeFile(path, JSON.stringify(config));
  return path;
}
