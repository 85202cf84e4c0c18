import { withDeadline } from '../base/deadline.ts';
import type { EnvironmentName } from '../base/environments.ts';
import type { DeployDriver } from '../deploy/driver.ts';
import type { CacheService } from '../services/cache/cache.ts';
import type { CdnService } from '../services/cdn/cdn.ts';
import type { DatabaseService } from '../services/database/database.ts';
import type { FlagsService } from '../services/flags/flags.ts';
import { ChangeGuard } from '../services/http/change-guard.ts';
import { createDispatcher, type Dispatcher } from '../services/http/connect.ts';
import type { SecretsService } from '../services/secrets/secrets.ts';
import type { Services } from '../services/services.ts';
import { openCredentials } from './credentials.ts';
import { connectMap, type Resolve } from './environment-view.ts';
import { Lazy } from './lazy.ts';
import type { LoadedConfig } from './load-config.ts';
import { openAlerts, openNotify } from './open-people.ts';
import type { Config } from './schema.ts';

export type { Resolve };

/** Services, and the dispatcher that every one of them and every probe goes through. */
export interface OpenedServices extends Services {
  readonly dispatcher: Dispatcher;
  /** Stands before everything that is changed through these services. */
  readonly changes: ChangeGuard;
  /** Reads the secret of a reference of this configuration. */
  readonly resolve: Resolve;
}

/** What every outgoing request goes through, and what stands before those that change something. */
export interface Outgoing {
  readonly dispatcher: Dispatcher;
  readonly guard: ChangeGuard;
}

/** For reading the credentials of one service out of the vault. */
const credentialTimeout = 10_000;

async function openSecrets(
  config: Config,
  resolve: Resolve,
  dispatcher: Dispatcher,
): Promise<SecretsService> {
  const { url, mount, auth } = config.services.secrets;
  const where = 'services/secrets/auth';
  const { openVault } = await import('../services/secrets/vault.ts');
  if ('token' in auth) {
    const token = await resolve(auth.token, `${where}/token`);
    return openVault({ url, mount, auth: { token }, dispatcher });
  }
  const roleId = await resolve(auth.roleId, `${where}/roleId`);
  const secretId = await resolve(auth.secretId, `${where}/secretId`);
  return openVault({ url, mount, auth: { roleId, secretId }, dispatcher });
}

async function openDatabase(config: Config, resolve: Resolve): Promise<DatabaseService> {
  const { uri, databases, events } = config.services.database;
  const { openMongodb } = await import('../services/database/mongodb.ts');
  return openMongodb({ uri: await resolve(uri, 'services/database/uri'), databases, events });
}

async function openFlags(
  config: Config,
  resolve: Resolve,
  dispatcher: Dispatcher,
): Promise<FlagsService> {
  const { url, adminToken, clientTokens, project, environments } = config.services.flags;
  const where = 'services/flags';
  const [admin, staging, production, { openUnleash }] = await Promise.all([
    resolve(adminToken, `${where}/adminToken`),
    resolve(clientTokens.staging, `${where}/clientTokens/staging`),
    resolve(clientTokens.production, `${where}/clientTokens/production`),
    import('../services/flags/unleash.ts'),
  ]);
  return openUnleash({
    url,
    adminToken: admin,
    clientTokens: { staging, production },
    project,
    environments,
    dispatcher,
  });
}

async function openCache(
  config: Config,
  resolve: Resolve,
  guard: ChangeGuard,
): Promise<CacheService> {
  const { url, prefixes } = config.services.cache;
  const { openRedis } = await import('../services/cache/redis.ts');
  const address = await resolve(url, 'services/cache/url');
  return openRedis({ url: address, prefixes, before: () => guard.before() });
}

async function openCdn(
  config: Config,
  resolve: Resolve,
  dispatcher: Dispatcher,
): Promise<CdnService> {
  const { urls, token } = config.services.cdn;
  const { openPurgeCdn } = await import('../services/cdn/purge.ts');
  if (token === undefined) return openPurgeCdn({ urls }, dispatcher);
  return openPurgeCdn({ urls, token: await resolve(token, 'services/cdn/token') }, dispatcher);
}

async function openDriver(
  config: Config,
  resolve: Resolve,
  name: EnvironmentName,
  outgoing: Outgoing,
): Promise<DeployDriver> {
  const { host, edge, token } = config.environments[name].driver;
  const { openProcessDriver } = await import('../deploy/process-driver.ts');
  const secret = await resolve(token, `environments/${name}/driver/token`);
  return openProcessDriver(name, { host, edge, token: secret, ...outgoing });
}

function perEnvironment<T>(
  open: (name: EnvironmentName) => Promise<T>,
): Readonly<Record<EnvironmentName, Lazy<T>>> {
  return {
    staging: new Lazy(() => open('staging')),
    production: new Lazy(() => open('production')),
  };
}

/**
 * The services of a configuration. Nothing is imported, read or connected before the first use of
 * each; credentials come from the environment or the credentials file unless they refer to the
 * vault. Opening may throw CREDENTIAL_MISSING or, for a vault reference, SERVICE_*.
 */
export function openServices(
  { config }: Pick<LoadedConfig, 'config'>,
  variables: Readonly<Record<string, string | undefined>>,
): OpenedServices {
  const guard = new ChangeGuard();
  const dispatcher = createDispatcher(connectMap({ config }), guard);
  const outgoing: Outgoing = { dispatcher, guard };
  const secrets: Lazy<SecretsService> = new Lazy(() => openSecrets(config, resolve, dispatcher));
  const credentials = openCredentials({
    variables,
    file: config.credentials,
    secrets: secrets.get,
  });
  const resolve: Resolve = async (reference, where) => {
    // Opening has no caller's signal: what is opened outlives the call that needed it first.
    const deadline = withDeadline(new AbortController().signal, credentialTimeout, where);
    try {
      return await credentials.resolve(reference, where, deadline.signal);
    } finally {
      deadline.done();
    }
  };

  const database = new Lazy(() => openDatabase(config, resolve));
  const flags = new Lazy(() => openFlags(config, resolve, dispatcher));
  const cache = new Lazy(() => openCache(config, resolve, guard));
  const cdn = new Lazy(() => openCdn(config, resolve, dispatcher));
  const notify = new Lazy(() => openNotify(config, resolve, outgoing));
  const alerts = new Lazy(() => openAlerts(config, outgoing));
  const drivers = perEnvironment((name) => openDriver(config, resolve, name, outgoing));
  const metrics = perEnvironment(async (name) => {
    const { openMetrics } = await import('./open-metrics.ts');
    const driver = drivers[name].get;
    const parts = { name, resolve, dispatcher, driver, database: database.get };
    return openMetrics(config.environments[name].metrics, parts);
  });
  const logs = perEnvironment(async (name) => {
    const { openFileLogs } = await import('../services/logs/file.ts');
    const { paths, fields } = config.environments[name].logs;
    return openFileLogs({ paths, fields });
  });

  return {
    dispatcher,
    resolve,
    changes: guard,
    secrets: secrets.get,
    database: database.get,
    flags: flags.get,
    cache: cache.get,
    cdn: cdn.get,
    notify: notify.get,
    alerts: alerts.get,
    driver: (name) => drivers[name].get(),
    metrics: (name) => metrics[name].get(),
    logs: (name) => logs[name].get(),
    browser: async () => {
      const { openChromium } = await import('../services/browser/chromium.ts');
      return openChromium(variables, dispatcher);
    },
    close: async () => {
      const closable = await Promise.all([database.peek(), cache.peek()]);
      await Promise.allSettled([...closable.map((one) => one?.close()), dispatcher.destroy()]);
    },
  };
}
