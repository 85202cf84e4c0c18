import { z } from 'zod';

/** A secret in the configuration is always a reference, never a value. */
export const secretReference = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable name') }),
    z.strictObject({ vault: z.string().regex(/^[^#\s]+(#[^#\s]+)?$/, 'path#field') }),
  ],
  { error: 'a secret is a reference, { env: NAME } or { vault: path#field }, never its value' },
);

const url = z.url({ protocol: /^https?$/ });
const origin = url.refine((text) => new URL(text).origin === text, 'an origin without a path');
const name = z.string().min(1);
const perEnvironment = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ staging: schema, production: schema });

/** The bundled driver: a host service that runs slots, and an edge that routes to them. */
const processDriver = z.strictObject({
  kind: z.literal('process'),
  host: url,
  edge: url,
  token: secretReference,
});

/** `/api/metrics?format=prometheus` of each slot, asked directly. */
const conciergeMetrics = z.strictObject({ kind: z.literal('concierge') });

/** JSON lines in files; `fields` maps aurora's words to the names in the log. */
const fileLogs = z.strictObject({
  kind: z.literal('file'),
  paths: z.array(name).min(1),
  fields: z
    .strictObject({
      requestId: name,
      timestamp: name,
      endpoint: name,
      method: name,
      status: name,
      duration: name,
      build: name,
    })
    .partial()
    .optional(),
});

const environment = z.strictObject({
  envFile: name,
  connect: z.record(origin, origin).optional(),
  driver: z.discriminatedUnion('kind', [processDriver]),
  metrics: z.discriminatedUnion('kind', [conciergeMetrics]),
  logs: z.discriminatedUnion('kind', [fileLogs]),
  /** Where a person looks before signing: name -> address. */
  views: z.record(name, url).optional(),
});

const vault = z.strictObject({
  kind: z.literal('vault'),
  url,
  mount: name.default('secret'),
  auth: z.union([
    z.strictObject({ token: secretReference }),
    z.strictObject({ roleId: secretReference, secretId: secretReference }),
  ]),
});

const mongodb = z.strictObject({
  kind: z.literal('mongodb'),
  uri: secretReference,
  /** The widget data's database in each environment. */
  databases: perEnvironment(name),
  events: z
    .strictObject({ database: name, collection: name })
    .default({ database: 'aurora', collection: 'events' }),
});

const unleash = z.strictObject({
  kind: z.literal('unleash'),
  url,
  /** Administration token: may change the flags. */
  adminToken: secretReference,
  /** Client tokens, to see what applications get. */
  clientTokens: perEnvironment(secretReference),
  project: name.default('default'),
  /** The open-source edition has `development` and `production` only. */
  environments: perEnvironment(name).default({ staging: 'development', production: 'production' }),
});

const redis = z.strictObject({
  kind: z.literal('redis'),
  /** May hold a password, so it is a reference. */
  url: secretReference,
  /** Prefix of the widget's session keys in each environment. */
  prefixes: perEnvironment(name),
});

const purge = z.strictObject({
  kind: z.literal('purge'),
  /** The address that customers' browsers use. */
  urls: perEnvironment(url),
  token: secretReference.optional(),
});

const slack = z.strictObject({ kind: z.literal('slack'), channel: name, webhook: secretReference });
const pagerduty = z.strictObject({
  kind: z.literal('pagerduty'),
  policy: name,
  url: url.default('https://events.pagerduty.com/v2/enqueue'),
  routingKey: secretReference,
});
const email = z.strictObject({
  kind: z.literal('email'),
  host: name,
  port: z.int().min(1).max(65_535),
  from: z.email(),
  to: z.array(z.email()).min(1),
});

const alertmanager = z.strictObject({
  kind: z.literal('alertmanager'),
  url,
  /** Label -> value; only alerts with all of them are silenced. */
  labels: z.record(name, name).refine((l) => Object.keys(l).length > 0, 'at least one label'),
});

/** The whole configuration. Unknown keys are refused at every level. */
export const configSchema = z.strictObject({
  project: name,
  rehearsal: z.boolean().default(false),
  /** A dotenv file (mode 0600) whose names `{env: NAME}` may use; the process environment wins. */
  credentials: name.optional(),
  environments: perEnvironment(environment),
  services: z.strictObject({
    secrets: z.discriminatedUnion('kind', [vault]),
    database: z.discriminatedUnion('kind', [mongodb]),
    flags: z.discriminatedUnion('kind', [unleash]),
    cache: z.discriminatedUnion('kind', [redis]),
    cdn: z.discriminatedUnion('kind', [purge]),
    notify: z.array(z.discriminatedUnion('kind', [slack, pagerduty, email])).min(1),
    alerts: z.discriminatedUnion('kind', [alertmanager]),
  }),
  /** Directory of the checklists; the shipped ones when left out. */
  plan: name.optional(),
  /** Directory of releases, leases and builds. */
  state: name.default('.aurora'),
});

export type Config = z.infer<typeof configSchema>;
export type SecretReferenceConfig = z.infer<typeof secretReference>;
export type EnvironmentConfig = z.infer<typeof environment>;
export type ProcessDriverConfig = z.infer<typeof processDriver>;
export type FileLogsConfig = z.infer<typeof fileLogs>;
export type VaultConfig = z.infer<typeof vault>;
export type MongodbConfig = z.infer<typeof mongodb>;
export type UnleashConfig = z.infer<typeof unleash>;
export type RedisConfig = z.infer<typeof redis>;
export type PurgeConfig = z.infer<typeof purge>;
export type SlackConfig = z.infer<typeof slack>;
export type PagerdutyConfig = z.infer<typeof pagerduty>;
export type EmailConfig = z.infer<typeof email>;
export type AlertmanagerConfig = z.infer<typeof alertmanager>;
