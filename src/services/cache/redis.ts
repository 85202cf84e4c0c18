import { Redis } from 'ioredis';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { Prepared } from '../change.ts';
import type { ServiceHealth } from '../health.ts';
import type { CacheService } from './cache.ts';
import { RedisConnection } from './redis-connection.ts';
import { clearChange, clearPrefix, countPrefix } from './redis-prefix.ts';

/** Where the session cache is and which keys in it are sessions. */
export interface RedisSettings {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: Secret;
  readonly prefixes: Readonly<Record<EnvironmentName, string>>;
  /** Milliseconds for one answer; 5,000 when left out. To connect there are always 2,000. */
  readonly timeoutMs?: number;
  /** Awaited before anything is removed; when it rejects, nothing is. */
  readonly before?: () => Promise<void>;
}

/**
 * The widget's session cache in a Redis. Connects on first use, with two seconds to do it, and never
 * retries on its own: a rollback that meets a dead cache has to learn it at once. CONFIG_INVALID when
 * the address is none or the prefixes would let one environment clear the other's sessions.
 */
export function openRedis(settings: RedisSettings): CacheService {
  checkPrefixes(settings.prefixes);
  const label = `redis ${addressOf(settings.url)}`;
  const connection = new RedisConnection(label, (options) => {
    const { timeoutMs = options.commandTimeout } = settings;
    return new Redis(settings.url.reveal(), { ...options, commandTimeout: timeoutMs });
  });
  const prepareClear = (environment: EnvironmentName): Prepared<number> => {
    const prefix = settings.prefixes[environment];
    return {
      changes: [clearChange(label, prefix)],
      send: async (signal) => {
        if (settings.before !== undefined) await settings.before();
        return connection.use(signal, (client) => clearPrefix(client, prefix));
      },
    };
  };
  return {
    label,
    prepareClear,
    count: (environment, signal) =>
      connection.use(signal, (client) => countPrefix(client, settings.prefixes[environment])),
    clear: (environment, signal) => prepareClear(environment).send(signal),
    health: (signal) => health(connection, signal),
    close: async () => connection.close(),
  };
}

/** The address without user, password and options; the rest of the URL is a secret. */
function addressOf(url: Secret): string {
  const text = url.reveal();
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new AuroraError('CONFIG_INVALID', 'the address of Redis is not redis://host:port', {
      where: url.source,
    });
  }
  const database = /^\/\d+$/.test(parsed.pathname) ? parsed.pathname : '';
  return `${parsed.protocol}//${parsed.hostname}:${parsed.port || '6379'}${database}`;
}

function checkPrefixes(prefixes: RedisSettings['prefixes']): void {
  const where = 'services.cache.prefixes';
  for (const name of environmentNames) {
    if (prefixes[name] === '') {
      throw new AuroraError('CONFIG_INVALID', `the prefix of ${name} is empty: it is every key`, {
        where,
      });
    }
  }
  const { staging, production } = prefixes;
  if (staging.startsWith(production) || production.startsWith(staging)) {
    throw new AuroraError(
      'CONFIG_INVALID',
      'one prefix begins with the other: clearing one environment would clear both',
      { where },
    );
  }
}

async function health(connection: RedisConnection, signal: AbortSignal): Promise<ServiceHealth> {
  try {
    const info = await connection.use(signal, (client) => client.info());
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
    const version = field('redis_version') ?? 'of unknown version';
    if (field('role') === 'slave') {
      return {
        ok: false,
        detail: `Redis ${version}, a read-only replica`,
        remedy: 'Point services.cache.url at the primary: a replica cannot clear sessions.',
      };
    }
    return { ok: true, detail: `Redis ${version}, answers` };
  } catch (error) {
    const remedy = error instanceof AuroraError ? error.remedy : undefined;
    return { ok: false, detail: messageOf(error), ...(remedy === undefined ? {} : { remedy }) };
  }
}
