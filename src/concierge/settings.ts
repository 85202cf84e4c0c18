import { z } from 'zod';
import type { ModelSettings } from './conversation/chat-client.ts';
import { type DashboardTokens, dashboardTokens } from './dashboard/tokens.ts';
import { type Scope, scopes } from './http/authentication.ts';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  AURORA_SLOT: z.string().default('none'),
  AURORA_ENVIRONMENT: z.enum(['staging', 'production', 'development']).default('development'),
  AURORA_FAKE_MODE: z.string().optional(),
  AURORA_USE_STUBS: z.string().optional(),
  MONGODB_URI: z.string().optional(),
  AURORA_EVENTS_DATABASE: z.string().min(1).default('aurora'),
  REDIS_URL: z.string().optional(),
  AURORA_SESSION_PREFIX: z.string().min(1).optional(),
  CONCIERGE_API_KEY: z.string().min(1),
  CONCIERGE_API_KEYS: z.string().optional(),
  CONCIERGE_BUCKET_ACCESS_KEY_ID: z.string().optional(),
  CONCIERGE_BUCKET_SECRET_ACCESS_KEY: z.string().optional(),
  UNLEASH_URL: z.url().optional(),
  UNLEASH_API_TOKEN: z.string().optional(),
  UNLEASH_ENVIRONMENT: z.string().optional(),
  AURORA_HASH_SALT: z.string().min(8).optional(),
  AURORA_DASHBOARD_TOKENS: dashboardTokens,
  DEEPSEEK_API_KEY: z.string().optional(),
  DEEPSEEK_BASE_URL: z.url().default('https://api.deepseek.com'),
  DEEPSEEK_MODEL: z.string().min(1).default('deepseek-chat'),
  NEXT_PUBLIC_CONCIERGE_ENABLED: z.enum(['true', 'false']).default('true'),
  NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: z.coerce.number().min(0).max(100).default(100),
  NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS: z.string().default(''),
});

/** Where the concierge runs. */
export type ConciergeEnvironment = 'staging' | 'production' | 'development';

/** Everything the concierge is told from outside. Holds secrets: never log it whole. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly slot: string;
  readonly environment: ConciergeEnvironment;
  /** The literal values, as health reports them; null when unset. */
  readonly stubs: {
    readonly active: boolean;
    readonly fakeMode: string | null;
    readonly useStubs: string | null;
  };
  /** Null in stub mode when unset; the live mode demands it. */
  readonly mongodbUri: string | null;
  readonly eventsDatabase: string;
  /** Null: sessions are not cached. */
  readonly redisUrl: string | null;
  readonly sessionPrefix: string;
  readonly apiKey: string;
  /** Keys of clients that may do less -> what they may do. */
  readonly clientKeys: ReadonlyMap<string, readonly Scope[]>;
  readonly bucket: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Null: every flag keeps its default. */
  readonly flags: {
    readonly url: string;
    readonly token: string;
    readonly environment: string;
  } | null;
  /** What understands free text. Null: rules alone do. */
  readonly model: ModelSettings | null;
  /** Salt of the hashes that stand for order numbers and contacts. */
  readonly hashSalt: string;
  /** Who may see the dashboards; without a token nobody may. */
  readonly dashboard: { readonly tokens: DashboardTokens };
  /** Who may see the widget, besides its flag. */
  readonly rollout: {
    readonly enabled: boolean;
    /** 0 to 100. */
    readonly percentage: number;
    /** E-mail addresses, lower case: they see it whatever the percentage. */
    readonly allowedUsers: readonly string[];
  };
}

/** An environment variable is missing or malformed; the message names it, never its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings from environment variables. Throws SettingsError naming every bad variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} is not usable`);
    throw new SettingsError(problems.join('; '));
  }
  const read = parsed.data;
  const fakeMode = read.AURORA_FAKE_MODE ?? null;
  const useStubs = read.AURORA_USE_STUBS ?? null;
  const active = fakeMode === 'true' || useStubs === 'true';
  if (!active && read.MONGODB_URI === undefined) throw new SettingsError('MONGODB_URI is not set');
  return {
    port: read.PORT,
    host: read.HOST,
    slot: read.AURORA_SLOT,
    environment: read.AURORA_ENVIRONMENT,
    stubs: { active, fakeMode, useStubs },
    mongodbUri: read.MONGODB_URI ?? null,
    eventsDatabase: read.AURORA_EVENTS_DATABASE,
    redisUrl: read.REDIS_URL ?? null,
    sessionPrefix: read.AURORA_SESSION_PREFIX ?? `aurora:${read.AURORA_ENVIRONMENT}:session:`,
    apiKey: read.CONCIERGE_API_KEY,
    clientKeys: clientKeys(read.CONCIERGE_API_KEYS),
    bucket: {
      accessKeyId: read.CONCIERGE_BUCKET_ACCESS_KEY_ID ?? '',
      secretAccessKey: read.CONCIERGE_BUCKET_SECRET_ACCESS_KEY ?? '',
    },
    flags: flagSettings(read),
    model: modelSettings(read),
    // Without a salt of its own, one is derived from the key: it must not change with each restart.
    hashSalt: read.AURORA_HASH_SALT ?? `order-hash:${read.CONCIERGE_API_KEY}`,
    dashboard: { tokens: read.AURORA_DASHBOARD_TOKENS },
    rollout: rolloutSettings(read),
  };
}

const clientKeysSchema = z.record(z.string().min(8), z.array(z.enum(scopes)));

/** `{"<key>": ["products:read", ...]}`. A key that is not usable is never named: it is a secret. */
function clientKeys(text: string | undefined): Settings['clientKeys'] {
  if (text === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const parsed = clientKeysSchema.safeParse(content);
  if (!parsed.success) throw new SettingsError('CONCIERGE_API_KEYS is not usable');
  return new Map(Object.entries(parsed.data));
}

function rolloutSettings(read: z.infer<typeof schema>): Settings['rollout'] {
  const users = read.NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS.split(',');
  return {
    enabled: read.NEXT_PUBLIC_CONCIERGE_ENABLED === 'true',
    percentage: read.NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE,
    allowedUsers: users.map((user) => user.trim().toLowerCase()).filter((user) => user !== ''),
  };
}

function flagSettings(read: z.infer<typeof schema>): Settings['flags'] {
  if (read.UNLEASH_URL === undefined || read.UNLEASH_API_TOKEN === undefined) return null;
  return {
    url: read.UNLEASH_URL,
    token: read.UNLEASH_API_TOKEN,
    environment: read.UNLEASH_ENVIRONMENT ?? 'default',
  };
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** An empty key counts as none. The key travels over https alone, or stays on this machine. */
function modelSettings(read: z.infer<typeof schema>): Settings['model'] {
  const apiKey = read.DEEPSEEK_API_KEY ?? '';
  if (apiKey === '') return null;
  const url = new URL(read.DEEPSEEK_BASE_URL);
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
  if (!isSafe || url.username !== '' || url.search !== '') {
    throw new SettingsError('DEEPSEEK_BASE_URL is not usable');
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new SettingsError('DEEPSEEK_API_KEY is not usable');
  return { baseUrl: url.href.replace(/\/+$/, ''), apiKey, model: read.DEEPSEEK_MODEL };
}
