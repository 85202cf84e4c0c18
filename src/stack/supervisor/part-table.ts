import { join } from 'node:path';
import type { EnvironmentName } from '../../base/environments.ts';
import type { EdgeOptions } from '../edge/options.ts';
import type { FlagsOptions } from '../flags/options.ts';
import type { HostOptions } from '../host/options.ts';
import type { ModelOptions } from '../model/options.ts';
import type { NativeOptions } from '../native/options.ts';
import type { ReceiversOptions } from '../receivers/options.ts';
import type { RedisOptions } from '../redis/options.ts';
import type { ShoppersOptions } from '../shoppers/options.ts';
import type { VaultOptions } from '../vault/options.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';
import type { PartPlan } from './part-process.ts';
import type { Source } from './sources.ts';

/** What customers and the env files call each environment. */
export const publicHosts: Readonly<Record<EnvironmentName, string>> = {
  staging: 'staging.api.glowglitch.com',
  production: 'api.glowglitch.com',
};

const usualWaitMs = 15_000;
/** The flag server migrates its database once per machine, perhaps on a busy one. */
const flagsWaitMs = 120_000;

interface Draft<Options extends object> {
  readonly name: string;
  /** Name of the bundled program, when it is another than the part's. */
  readonly program?: string;
  readonly options: Options;
  readonly after?: readonly string[];
  readonly readyWithinMs?: number;
}

function plan<Options extends object>(layout: StackLayout, draft: Draft<Options>): PartPlan {
  return {
    name: draft.name,
    entry: join(layout.partsDirectory, `${draft.program ?? draft.name}.js`),
    options: draft.options,
    after: draft.after ?? [],
    readyWithinMs: draft.readyWithinMs ?? usualWaitMs,
  };
}

/** The embedded server, a real program in its place, or nothing when the user runs one. */
function server(
  layout: StackLayout,
  source: Source,
  embedded: Draft<object>,
  native: Omit<NativeOptions, 'program' | 'dataDirectory'>,
): PartPlan[] {
  if (source.from === 'given') return [];
  if (source.from === 'embedded') return [plan(layout, embedded)];
  const dataDirectory = join(layout.directory, embedded.name);
  const options: NativeOptions = { ...native, program: source.program, dataDirectory };
  return [plan(layout, { name: embedded.name, program: 'native', options, readyWithinMs: 20_000 })];
}

function servers(layout: StackLayout): PartPlan[] {
  const { ports, secrets, sources } = layout;
  const vault: VaultOptions = {
    port: ports.vault,
    rootToken: secrets.vaultToken,
    unsealKey: secrets.vaultKey,
  };
  const redis: RedisOptions = { port: ports.redis, password: secrets.redisPassword };
  return [
    ...server(
      layout,
      sources.mongodb,
      { name: 'mongo', options: { port: ports.mongodb } },
      { kind: 'mongod', port: ports.mongodb },
    ),
    ...server(
      layout,
      sources.vault,
      { name: 'vault', options: vault },
      { kind: 'vault', port: ports.vault },
    ),
    ...server(
      layout,
      sources.redis,
      { name: 'redis', options: redis },
      { kind: 'redis-server', port: ports.redis, password: secrets.redisPassword },
    ),
  ];
}

function edge(layout: StackLayout, environment: EnvironmentName): PartPlan {
  const { ports, secrets } = layout;
  const unleashName = environment === 'staging' ? 'development' : 'production';
  const options: EdgeOptions = {
    environment,
    port: ports.edge[environment],
    adminPort: ports.edgeAdmin[environment],
    adminToken: secrets.driverToken,
    purgeToken: secrets.purgeToken,
    unleash: {
      url: `${addressesOf(layout).flags}/api`,
      clientToken: secrets.flags[unleashName],
      environment: unleashName,
    },
    // The shoppers are on this machine too, each with an address of its own.
    trustedProxies: ['127.0.0.1'],
    trafficFile: join(layout.directory, 'edge', `${environment}-traffic.json`),
  };
  // Not after the flag server: until the edge has seen flags, everybody is stable, as in a new stack.
  return plan(layout, { name: `edge-${environment}`, program: 'edge', options });
}

function shoppers(layout: StackLayout): PartPlan {
  const { edge: urls } = addressesOf(layout);
  const target = (environment: EnvironmentName) => ({
    url: urls[environment],
    host: publicHosts[environment],
    apiKey: layout.secrets.apiKeys[environment],
  });
  const options: ShoppersOptions = {
    port: layout.ports.shoppers,
    seed: 1,
    targets: { staging: target('staging'), production: target('production') },
    rates: { staging: 0, production: 0 },
  };
  return plan(layout, { name: 'shoppers', options });
}

/** Every process of a stack, what it is told, and what it waits for. */
export function partTable(layout: StackLayout): readonly PartPlan[] {
  const { ports, secrets, directory } = layout;
  const flags: FlagsOptions = {
    port: ports.flags,
    databasePort: ports.flagsDatabase,
    runtimeDirectory: layout.flagsRuntime,
    templateDirectory: layout.flagsTemplate,
    dataDirectory: join(directory, 'flags'),
    tokens: secrets.flags,
  };
  const receivers: ReceiversOptions = {
    httpPort: ports.receiversHttp,
    smtpPort: ports.receiversSmtp,
  };
  const model: ModelOptions = { port: ports.model, apiKeys: Object.values(secrets.modelKeys) };
  const host: HostOptions = {
    port: ports.host,
    token: secrets.driverToken,
    directory: join(directory, 'host'),
    portRange: ports.slots,
  };
  return [
    ...servers(layout),
    plan(layout, { name: 'receivers', options: receivers }),
    plan(layout, { name: 'model', options: model }),
    plan(layout, { name: 'flags', options: flags, readyWithinMs: flagsWaitMs }),
    plan(layout, { name: 'host', options: host }),
    edge(layout, 'staging'),
    edge(layout, 'production'),
    shoppers(layout),
  ];
}
