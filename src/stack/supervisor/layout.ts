import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EnvironmentName } from '../../base/environments.ts';
import type { FlagsTokens } from '../flags/options.ts';
import { createFlagsTokens } from '../flags/tokens.ts';
import { freePorts } from '../ports.ts';
import type { Sources } from './sources.ts';

type PerEnvironment<T> = Readonly<Record<EnvironmentName, T>>;

/** Where everything of a stack listens, all on 127.0.0.1. */
export interface StackPorts {
  readonly mongodb: number;
  readonly vault: number;
  readonly redis: number;
  readonly receiversHttp: number;
  readonly receiversSmtp: number;
  readonly flags: number;
  readonly flagsDatabase: number;
  readonly host: number;
  readonly shoppers: number;
  readonly control: number;
  readonly model: number;
  readonly edge: PerEnvironment<number>;
  readonly edgeAdmin: PerEnvironment<number>;
  /** Both ends included. */
  readonly slots: readonly [first: number, last: number];
}

/** What the bucket of customers' photographs is opened with. */
interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What each role signs in to the dashboards with. */
export interface DashboardTokens {
  readonly admin: string;
  readonly support_lead: string;
  readonly concierge_agent: string;
  readonly viewer: string;
}

/** Everything of a stack that is secret; new in each stack. */
export interface StackSecrets {
  readonly vaultToken: string;
  readonly vaultKey: string;
  readonly redisPassword: string;
  /** Of host and edges. */
  readonly driverToken: string;
  readonly purgeToken: string;
  readonly slackHook: string;
  readonly pagerdutyKey: string;
  readonly flags: FlagsTokens;
  readonly apiKeys: PerEnvironment<string>;
  /** Of the language model. */
  readonly modelKeys: PerEnvironment<string>;
  readonly buckets: PerEnvironment<BucketCredentials>;
  readonly dashboards: PerEnvironment<DashboardTokens>;
}

/** One stack, before it runs. */
export interface StackLayout {
  /** Absolute; holds everything that the stack writes. */
  readonly directory: string;
  /** Absolute; releases and builds, which are none of the stack's business. */
  readonly stateDirectory: string;
  /** Holds the bundled parts. */
  readonly partsDirectory: string;
  /** Holds `data/` and `env/`. */
  readonly fixtures: string;
  readonly flagsRuntime: string;
  readonly flagsTemplate: string;
  readonly sources: Sources;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  /** Names on a given server start with it, so that nobody's own data is ever touched. */
  readonly mark: string;
}

const slotPorts = 24;
const fixedPorts = 15;

/** Free ports for a whole stack. */
export async function choosePorts(): Promise<StackPorts> {
  const ports = await freePorts(fixedPorts + slotPorts);
  const at = (index: number) => ports[index] ?? 0;
  return {
    edge: { production: at(0), staging: at(1) },
    edgeAdmin: { production: at(2), staging: at(3) },
    host: at(4),
    flags: at(5),
    flagsDatabase: at(6),
    mongodb: at(7),
    vault: at(8),
    redis: at(9),
    receiversHttp: at(10),
    receiversSmtp: at(11),
    shoppers: at(12),
    control: at(13),
    model: at(14),
    slots: [at(fixedPorts), at(fixedPorts + slotPorts - 1)],
  };
}

const random = (bytes = 24) => randomBytes(bytes).toString('hex');

const bucket = (): BucketCredentials => ({
  accessKeyId: `AK${randomBytes(9).toString('hex').toUpperCase()}`,
  secretAccessKey: random(20),
});

const dashboardTokens = (): DashboardTokens => ({
  admin: `dash_admin_${random(16)}`,
  support_lead: `dash_lead_${random(16)}`,
  concierge_agent: `dash_agent_${random(16)}`,
  viewer: `dash_viewer_${random(16)}`,
});

/** New random secrets for one stack. */
export function createSecrets(): StackSecrets {
  return {
    vaultToken: `hvs.${random()}`,
    vaultKey: random(32),
    redisPassword: random(),
    driverToken: random(),
    purgeToken: random(),
    slackHook: random(12),
    pagerdutyKey: random(16),
    flags: createFlagsTokens(),
    modelKeys: { staging: `sk-${random(16)}`, production: `sk-${random(16)}` },
    apiKeys: { staging: `ck_staging_${random()}`, production: `ck_prod_${random()}` },
    buckets: { staging: bucket(), production: bucket() },
    dashboards: { staging: dashboardTokens(), production: dashboardTokens() },
  };
}

/** The databases of a stack. On a server that was given, their names carry the stack's mark. */
export function databaseNames(
  layout: Pick<StackLayout, 'sources' | 'mark'>,
): PerEnvironment<string> & { readonly events: string } {
  const given = layout.sources.mongodb.from === 'given';
  const prefix = given ? `${layout.mark}_` : '';
  return {
    staging: `${prefix}concierge_staging`,
    production: `${prefix}concierge_production`,
    events: given ? `${prefix}aurora` : 'aurora',
  };
}

/** What the session keys of each environment start with; marked on a server that was given. */
export function sessionPrefixes(
  layout: Pick<StackLayout, 'sources' | 'mark'>,
): PerEnvironment<string> {
  const root = layout.sources.redis.from === 'given' ? `aurora:${layout.mark}` : 'aurora';
  return { staging: `${root}:staging:session:`, production: `${root}:production:session:` };
}

/** Where the host keeps the logs of slots. */
export const slotLogs = (layout: Pick<StackLayout, 'directory'>, environment: EnvironmentName) =>
  ['blue', 'green'].map((slot) =>
    join(layout.directory, 'host', 'logs', `${environment}-${slot}.jsonl`),
  );
