import type { EnvironmentName } from '../base/environments.ts';
import type { DeployDriver } from '../deploy/driver.ts';
import type { AlertsService } from './alerts/alerts.ts';
import type { BrowserService } from './browser/browser.ts';
import type { CacheService } from './cache/cache.ts';
import type { CdnService } from './cdn/cdn.ts';
import type { DatabaseService } from './database/database.ts';
import type { FlagsService } from './flags/flags.ts';
import type { LogsService } from './logs/logs.ts';
import type { MetricsService } from './metrics/metrics.ts';
import type { NotifyService } from './notify/notify.ts';
import type { SecretsService } from './secrets/secrets.ts';

/**
 * Every outside system, each opened on first use only: a rollback of the flags never waits for a
 * vault that is down. Opening may throw CREDENTIAL_MISSING or a SERVICE_* error.
 */
export interface Services {
  secrets(): Promise<SecretsService>;
  database(): Promise<DatabaseService>;
  flags(): Promise<FlagsService>;
  cache(): Promise<CacheService>;
  cdn(): Promise<CdnService>;
  notify(): Promise<readonly NotifyService[]>;
  alerts(): Promise<AlertsService>;
  driver(environment: EnvironmentName): Promise<DeployDriver>;
  metrics(environment: EnvironmentName): Promise<MetricsService>;
  logs(environment: EnvironmentName): Promise<LogsService>;
  /** Starts a browser of this machine; whoever asked for it closes it. BROWSER_MISSING, BROWSER_FAILED. */
  browser(): Promise<BrowserService>;
  /** Closes what was opened. Never throws. */
  close(): Promise<void>;
}
