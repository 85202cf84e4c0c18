import { writeFile } from 'node:fs/promises';
import { configTemplate } from '../../src/config/template.ts';
import { type Company, strategy } from '../effects/company.ts';
import type { Desk } from './support.ts';

/** What nobody may ever see. */
export const credentials = {
  AURORA_VAULT_ROLE_ID: 'role-id-of-a-test',
  AURORA_VAULT_SECRET_ID: 'secret-id-of-a-test',
  AURORA_MONGODB_URI: 'mongodb://127.0.0.1:9',
  AURORA_UNLEASH_ADMIN_TOKEN: 'admin-token-of-a-test',
  AURORA_UNLEASH_STAGING_TOKEN: 'staging-token-of-a-test',
  AURORA_UNLEASH_PRODUCTION_TOKEN: 'production-token-of-a-test',
  AURORA_CDN_TOKEN: 'cdn-token-of-a-test',
  AURORA_SLACK_WEBHOOK: 'https://hooks.slack.example.com/chat/hook-of-a-test',
  AURORA_STAGING_DRIVER_TOKEN: 'staging-driver-token',
  AURORA_PRODUCTION_DRIVER_TOKEN: 'production-driver-token',
};

/** Every origin of the configuration that `init` writes. */
const origins = [
  'https://unleash.example.com',
  'https://alertmanager.example.com',
  'https://vault.example.com',
  'https://hooks.slack.example.com',
  'https://api.glowglitch.com',
  'https://staging.api.glowglitch.com',
  ...['staging', 'production'].flatMap((name) => [
    `https://host.${name}.example.com`,
    `https://edge-admin.${name}.example.com`,
  ]),
];

/** Leads everything that the desk's configuration names to the company, and its cache to `redis`. */
export async function employ(desk: Desk, company: Company, redis: string): Promise<void> {
  const path = desk.path('aurora.config.yaml');
  const connect = origins.map((origin) => `      ${origin}: ${company.url}`).join('\n');
  const text = configTemplate().replace(
    'envFile: ./env/production.env',
    `envFile: ./env/production.env\n    connect:\n${connect}`,
  );
  await writeFile(path, text);
  Object.assign(desk.variables, credentials, { AURORA_REDIS_URL: redis });
}

/** Production as customers have it before a release: a stable build in blue, all flags on. */
export function settle(company: Company, stable: string): void {
  for (const environment of ['staging', 'production'] as const) {
    company.setSlot(environment, 'blue', stable);
    const name = environment === 'staging' ? 'development' : environment;
    company.flag('AURORA_WIDGET_ENABLED', name).strategies = [
      strategy('s-stable', 'stable', 100, stable, 2),
    ];
  }
  company.route('blue');
}
