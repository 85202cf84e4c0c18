import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { addressesOf, databaseAddress, withoutUser } from './addresses.ts';
import {
  type DashboardTokens,
  databaseNames,
  type StackLayout,
  sessionPrefixes,
} from './layout.ts';

/** What the vault calls each environment in the names of its secrets. */
export const vaultNames: Readonly<Record<EnvironmentName, string>> = {
  staging: 'aurora-staging',
  production: 'aurora-prod',
};

/** The env file that a stack writes for an environment. */
export const envFile = (layout: Pick<StackLayout, 'directory'>, environment: EnvironmentName) =>
  join(layout.directory, 'env', `${environment}.env`);

/** An address with a password in it belongs into the vault, one without stays readable. */
function addressOrReference(address: string, reference: string): string {
  return withoutUser(address) === address ? address : `vault:${reference}`;
}

/** The values of the placeholders in an environment's template. */
export function envValues(
  layout: StackLayout,
  environment: EnvironmentName,
): Readonly<Record<string, string>> {
  const all = addressesOf(layout);
  const names = databaseNames(layout);
  const vaultName = vaultNames[environment];
  const mongodb = databaseAddress(all.mongodb, names[environment]);
  return {
    MONGODB_URI: addressOrReference(mongodb, `${vaultName}-mongodb#uri`),
    AURORA_EVENTS_DATABASE: names.events,
    REDIS_URL: addressOrReference(all.redis, `${vaultName}-redis#url`),
    AURORA_SESSION_PREFIX: sessionPrefixes(layout)[environment],
    UNLEASH_URL: `${all.flags}/api`,
    DEEPSEEK_BASE_URL: all.model,
  };
}

/** The template with its placeholders filled in; ENV_FILE_INVALID when one has no value. */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string>>,
  where: string,
): string {
  return template.replace(/^(\w+)=\{\{(\w+)\}\}$/gm, (_, name: string, placeholder: string) => {
    const value = values[placeholder];
    if (value !== undefined) return `${name}=${value}`;
    throw new AuroraError('ENV_FILE_INVALID', `nothing to put in for ${placeholder}`, { where });
  });
}

/** Writes both environments' env files from the shipped templates. */
export async function writeEnvFiles(layout: StackLayout): Promise<void> {
  await Promise.all(
    environmentNames.map(async (environment) => {
      const path = join(layout.fixtures, 'env', `${environment}.env`);
      const template = await readFile(path, 'utf8');
      const text = fillTemplate(template, envValues(layout, environment), path);
      await writeFileAtomic(envFile(layout, environment), text);
    }),
  );
}

/** `tokens` is what the service reads; each role's own token lies beside it, for people. */
function dashboardSecret(tokens: DashboardTokens): Readonly<Record<string, string>> {
  const roles = Object.entries(tokens).map(([role, token]) => [token, role]);
  return { ...tokens, tokens: JSON.stringify(Object.fromEntries(roles)) };
}

/** The secrets of both environments as they lie in the vault: path -> field -> value. */
export function vaultSecrets(
  layout: StackLayout,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const all = addressesOf(layout);
  const names = databaseNames(layout);
  const { secrets } = layout;
  const entries = environmentNames.flatMap((environment) => {
    const name = vaultNames[environment];
    const token = secrets.flags[environment === 'staging' ? 'development' : 'production'];
    return [
      [`${name}-api-key`, { value: secrets.apiKeys[environment] }],
      [`${name}-bucket`, { ...secrets.buckets[environment] }],
      [`${name}-unleash`, { clientToken: token }],
      [`${name}-deepseek`, { apiKey: secrets.modelKeys[environment] }],
      [`${name}-dashboard`, dashboardSecret(secrets.dashboards[environment])],
      [`${name}-redis`, { url: all.redis }],
      [`${name}-mongodb`, { uri: databaseAddress(all.mongodb, names[environment]) }],
    ] as const;
  });
  return Object.fromEntries(entries);
}
