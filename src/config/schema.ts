import { z } from 'zod';
import { metricsSchema } from './metrics-schema.ts';
import { secretReference } from './secret-reference.ts';

export { secretReference };

const url = z.url({ protocol: /^https?$/ });
const origin = url.refine((text) => new URL(text).origin === text, 'an origin without a path');
const name = z.string().min(1);
const perEnvironment = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ staging: schema, production: schema });

/** The bundled driver: a host service that runs slots, and an edge that routes to them. */
const processDriver = z.strictObject({
  kind: z.literal('process').describe('A host service that runs slots, an edge that routes.'),
  host: url.describe('Address of the host service.'),
  edge: url.describe("Address of the edge's administration, not the customers' port."),
  token: secretReference.describe('Bearer token of both.'),
});

/** JSON lines in files; `fields` maps aurora's words to the names in the log. */
const fileLogs = z.strictObject({
  kind: z.literal('file').describe('Request logs as files of JSON lines.'),
  paths: z.array(name).min(1).describe('The files, those of both slots.'),
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
    .optional()
    .describe("Names in the log, where they differ from the concierge's own; dots go inwards."),
});

const environment = z.strictObject({
  envFile: name.describe(
    'File with the variables that slots are started with; `vault:path#field` values are resolved then.',
  ),
  connect: z
    .record(origin, origin)
    .optional()
    .describe("Origin -> origin, as curl's --connect-to: only where an address is not public."),
  driver: z.discriminatedUnion('kind', [processDriver]).describe('Who runs builds.'),
  metrics: metricsSchema.describe('Where the numbers of a canary come from.'),
  logs: z.discriminatedUnion('kind', [fileLogs]).describe('Where request logs come from.'),
  views: z
    .record(name, url)
    .optional()
    .describe('Where a person looks before signing: name -> address.'),
  viewer: secretReference
    .optional()
    .describe(
      'Token of a viewer of the dashboards, for screenshots of them: somebody who may look and do nothing.',
    ),
});

const vault = z.strictObject({
  kind: z.literal('vault').describe('HashiCorp Vault or OpenBao, key-value version 2.'),
  url: url.describe('Its address.'),
  mount: name.default('secret').describe('Mount of the key-value engine.'),
  auth: z
    .union([
      z.strictObject({ token: secretReference }),
      z.strictObject({ roleId: secretReference, secretId: secretReference }),
    ])
    .describe('A token, or an AppRole; by { env: NAME } only.'),
});

const mongodb = z.strictObject({
  kind: z.literal('mongodb'),
  uri: secretReference.describe('Connection string.'),
  databases: perEnvironment(name).describe("The widget data's database in each environment."),
  events: z
    .strictObject({ database: name, collection: name })
    .default({ database: 'aurora', collection: 'events' })
    .describe("Where analytics events arrive: the plan's `aurora.events`."),
});

const unleash = z.strictObject({
  kind: z.literal('unleash'),
  url: url.describe('Its address, without /api.'),
  adminToken: secretReference.describe('Administration token: may change the flags.'),
  clientTokens: perEnvironment(secretReference).describe(
    'Client tokens, to see what applications get.',
  ),
  project: name.default('default').describe('Project that the flags belong to.'),
  environments: perEnvironment(name)
    .default({ staging: 'development', production: 'production' })
    .describe(
      'What Unleash calls each environment; the open-source edition has these two names only.',
    ),
});

const redis = z.strictObject({
  kind: z.literal('redis'),
  url: secretReference.describe('Address; a reference, since it may hold a password.'),
  prefixes: perEnvironment(name).describe(
    "Prefix of the widget's session keys: a rollback removes keys that begin so, and no others.",
  ),
});

const purge = z.strictObject({
  kind: z.literal('purge').describe('Any cache that understands the method PURGE.'),
  urls: perEnvironment(url).describe("The address that customers' browsers use."),
  token: secretReference.optional().describe('Bearer token for PURGE, where one is wanted.'),
});

const slack = z.strictObject({
  kind: z.literal('slack'),
  channel: name.describe(
    'Its name, as `rollback.yaml` has it; where messages go is up to the webhook.',
  ),
  webhook: secretReference.describe('Address of the incoming webhook.'),
});
const pagerduty = z.strictObject({
  kind: z.literal('pagerduty'),
  policy: name.describe(
    'Its name, as `rollback.yaml` may have it; who is called is up to the key.',
  ),
  url: url.default('https://events.pagerduty.com/v2/enqueue').describe('Address of Events API v2.'),
  routingKey: secretReference.describe('Integration key.'),
});
const email = z.strictObject({
  kind: z.literal('email'),
  host: name.describe('SMTP server.'),
  port: z.int().min(1).max(65_535),
  from: z.email(),
  to: z
    .array(z.email())
    .min(1)
    .describe('Addresses; joined by ", " they are the name that `rollback.yaml` may have.'),
});

const alertmanager = z.strictObject({
  kind: z.literal('alertmanager'),
  url: url.describe('Its address; API version 2.'),
  labels: z
    .record(name, name)
    .refine((l) => Object.keys(l).length > 0, 'at least one label')
    .describe('Label -> value; only alerts with all of them are silenced.'),
});

/** State as files: what one machine needs. */
const stateFiles = z.strictObject({
  kind: z.literal('files').describe('Files in the directory of `state`: one machine releases.'),
});

/** State in a database: what several machines share. */
const stateMongodb = z.strictObject({
  kind: z
    .literal('mongodb')
    .describe(
      'A MongoDB that all machines reach; a replica set, so that no failover loses an entry.',
    ),
  uri: secretReference.describe(
    'Connection string; better not of a vault that a rollback may have to do without.',
  ),
  database: name
    .default('aurora_releases')
    .describe('Its database, with `releases`, `journal`, `leases`, `inbox` and `documents`.'),
});

/** The whole configuration. Unknown keys are refused at every level. */
export const configSchema = z.strictObject({
  project: name.describe('What is released; stands in tickets and messages.'),
  rehearsal: z
    .boolean()
    .default(false)
    .describe('true only where no customer is served: it allows --time-scale.'),
  credentials: name
    .optional()
    .describe(
      'File of NAME=value lines, mode 0600, for { env: NAME }; the process environment wins.',
    ),
  environments: perEnvironment(environment).describe("The plan's two environments."),
  services: z.strictObject({
    secrets: z.discriminatedUnion('kind', [vault]).describe('Where secrets are kept.'),
    database: z
      .discriminatedUnion('kind', [mongodb])
      .describe("Where the widget's data and the analytics events are."),
    flags: z.discriminatedUnion('kind', [unleash]).describe('The feature flags.'),
    cache: z.discriminatedUnion('kind', [redis]).describe("The widget's session cache."),
    cdn: z
      .discriminatedUnion('kind', [purge])
      .describe("The cache in front of the widget's bundle."),
    notify: z
      .array(z.discriminatedUnion('kind', [slack, pagerduty, email]))
      .min(1)
      .describe('Ways to reach people; `rollback.yaml` names those that it tells.'),
    alerts: z
      .discriminatedUnion('kind', [alertmanager])
      .describe('Whose alerts a rollback silences.'),
  }),
  plan: name.optional().describe('Directory of the checklists; the shipped ones when left out.'),
  approvers: name
    .optional()
    .describe(
      'File of people who may approve, in the format of OpenSSH allowed signers; `approvers` beside the checklists when left out. Keys taken back stand in `<file>.revoked`.',
    ),
  state: name
    .default('.aurora')
    .describe(
      'Directory of releases, leases and builds; of builds and copies of documents where `store` is a database.',
    ),
  store: z
    .discriminatedUnion('kind', [stateFiles, stateMongodb])
    .default({ kind: 'files' })
    .describe('Where journals, leases and approvals are kept.'),
});

export type Config = z.infer<typeof configSchema>;
export type { SecretReferenceConfig } from './secret-reference.ts';
export type EnvironmentConfig = z.infer<typeof environment>;
export type ProcessDriverConfig = z.infer<typeof processDriver>;
export type FileLogsConfig = z.infer<typeof fileLogs>;
export type VaultConfig = z.infer<typeof vault>;
export type MongodbConfig = z.infer<typeof mongodb>;
export type StateMongodbConfig = z.infer<typeof stateMongodb>;
export type UnleashConfig = z.infer<typeof unleash>;
export type RedisConfig = z.infer<typeof redis>;
export type PurgeConfig = z.infer<typeof purge>;
export type SlackConfig = z.infer<typeof slack>;
export type PagerdutyConfig = z.infer<typeof pagerduty>;
export type EmailConfig = z.infer<typeof email>;
export type AlertmanagerConfig = z.infer<typeof alertmanager>;
