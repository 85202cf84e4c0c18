import { join } from 'node:path';
import { writeFileAtomic } from '../../base/files.ts';
import type { RoleCredentials } from '../vault/seed.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';

/**
 * The variables that the stack's configuration names. The process environment wins over the file, so
 * nobody's real variables may be called like these.
 */
export const credentialNames = {
  vaultRoleId: 'AURORA_LOCAL_VAULT_ROLE_ID',
  vaultSecretId: 'AURORA_LOCAL_VAULT_SECRET_ID',
  mongodbUri: 'AURORA_LOCAL_MONGODB_URI',
  redisUrl: 'AURORA_LOCAL_REDIS_URL',
  unleashAdmin: 'AURORA_LOCAL_UNLEASH_ADMIN_TOKEN',
  unleashStaging: 'AURORA_LOCAL_UNLEASH_STAGING_TOKEN',
  unleashProduction: 'AURORA_LOCAL_UNLEASH_PRODUCTION_TOKEN',
  driverToken: 'AURORA_LOCAL_DRIVER_TOKEN',
  purgeToken: 'AURORA_LOCAL_PURGE_TOKEN',
  slackWebhook: 'AURORA_LOCAL_SLACK_WEBHOOK',
  pagerdutyKey: 'AURORA_LOCAL_PAGERDUTY_KEY',
} as const;

/** The file with the credentials of the stack's configuration: the owner's alone. */
export const credentialsFile = (layout: Pick<StackLayout, 'directory'>) =>
  join(layout.directory, 'credentials.env');

/** Writes the credentials that aurora needs on this stack, mode 0600. */
export async function writeCredentials(layout: StackLayout, role: RoleCredentials): Promise<void> {
  const all = addressesOf(layout);
  const { secrets } = layout;
  const values: Record<keyof typeof credentialNames, string> = {
    vaultRoleId: role.roleId,
    vaultSecretId: role.secretId,
    mongodbUri: all.mongodb,
    redisUrl: all.redis,
    unleashAdmin: secrets.flags.admin,
    unleashStaging: secrets.flags.development,
    unleashProduction: secrets.flags.production,
    driverToken: secrets.driverToken,
    purgeToken: secrets.purgeToken,
    slackWebhook: `${all.receivers}/slack/${secrets.slackHook}`,
    pagerdutyKey: secrets.pagerdutyKey,
  };
  const lines = Object.entries(values).map(
    ([key, value]) => `${credentialNames[key as keyof typeof credentialNames]}="${value}"`,
  );
  const head = '# Credentials of the local stack. Worth nothing outside of this machine.';
  await writeFileAtomic(credentialsFile(layout), `${[head, ...lines].join('\n')}\n`);
}
