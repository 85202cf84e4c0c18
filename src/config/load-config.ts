import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { environmentNames } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { type Keeper, noKeeper } from '../base/keeper.ts';
import type { Config, EnvironmentConfig } from './schema.ts';
import { shippedChecklists } from './shipped.ts';

/** A configuration that was found and validated. Every path in it is absolute. */
export interface LoadedConfig {
  /** The file it came from. */
  readonly path: string;
  readonly config: Config;
  /** Directory of the plan's checklists: the configured or the shipped ones. */
  readonly checklists: string;
  /** File of people who may approve; need not be there. */
  readonly approvers: string;
  /** Directory of releases, leases and builds. */
  readonly stateDirectory: string;
}

/** Where somebody may have named the configuration file. */
export interface ConfigSources {
  /** `--config`. */
  readonly argument?: string | undefined;
  /** `AURORA_CONFIG` is looked up here. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

const defaultName = 'aurora.config.yaml';

/** The configuration file: `--config`, then AURORA_CONFIG, then ./aurora.config.yaml. CONFIG_MISSING. */
export function findConfig(sources: ConfigSources): string {
  const fromVariable = sources.variables.AURORA_CONFIG;
  const [name, origin] =
    sources.argument !== undefined
      ? [sources.argument, '--config']
      : fromVariable !== undefined && fromVariable !== ''
        ? [fromVariable, 'AURORA_CONFIG']
        : [defaultName, 'the working directory'];
  const path = resolve(sources.workingDirectory, name);
  if (!existsSync(path)) {
    throw new AuroraError('CONFIG_MISSING', `no such file, looked for by ${origin}`, {
      where: path,
    });
  }
  return path;
}

function withAbsolutePaths(environment: EnvironmentConfig, directory: string): EnvironmentConfig {
  const { logs } = environment;
  return {
    ...environment,
    envFile: resolve(directory, environment.envFile),
    logs: { ...logs, paths: logs.paths.map((path) => resolve(directory, path)) },
  };
}

/** One origin can lead to one place only: the map is applied in one dispatcher for all. */
function refuseTwoTargets(config: Config, path: string): void {
  const seen = new Map<string, string>();
  for (const name of environmentNames) {
    for (const [from, to] of Object.entries(config.environments[name].connect ?? {})) {
      if ((seen.get(from) ?? to) !== to) {
        throw new AuroraError(
          'CONFIG_INVALID',
          `environments/${name}/connect: ${from} already leads to ${seen.get(from)}`,
          { where: path },
        );
      }
      seen.set(from, to);
    }
  }
}

/** The key to the vault cannot lie in the vault. */
function refuseVaultInVault(config: Config, path: string): void {
  for (const [name, reference] of Object.entries(config.services.secrets.auth)) {
    if ('vault' in reference) {
      throw new AuroraError(
        'CONFIG_INVALID',
        `services/secrets/auth/${name}: the vault's own credential cannot come from the vault`,
        { where: path, remedy: 'Give it by { env: NAME }.' },
      );
    }
  }
}

/** The file's own content, validated. YAML and schemas load only when it has to be read anew. */
async function readWritten(path: string, keeper: Keeper): Promise<Config> {
  const source = {
    name: 'config',
    path,
    read: () => [['', readFileSync(path)] as const],
  };
  return keeper.keep(source, async () => (await import('./read-config.ts')).readConfig(path));
}

/**
 * Reads and validates a configuration file; relative paths count from its own directory.
 * CONFIG_MISSING, or CONFIG_INVALID with `file:line` and the path inside it.
 */
export async function loadConfig(path: string, keeper: Keeper = noKeeper): Promise<LoadedConfig> {
  const written = await readWritten(path, keeper);
  const directory = dirname(path);
  const config: Config = {
    ...written,
    ...(written.credentials === undefined
      ? {}
      : { credentials: resolve(directory, written.credentials) }),
    ...(written.plan === undefined ? {} : { plan: resolve(directory, written.plan) }),
    ...(written.approvers === undefined
      ? {}
      : { approvers: resolve(directory, written.approvers) }),
    state: resolve(directory, written.state),
    environments: {
      staging: withAbsolutePaths(written.environments.staging, directory),
      production: withAbsolutePaths(written.environments.production, directory),
    },
  };
  refuseTwoTargets(config, path);
  refuseVaultInVault(config, path);
  return {
    path,
    config,
    checklists: config.plan ?? shippedChecklists(),
    approvers: config.approvers ?? join(config.plan ?? shippedChecklists(), 'approvers'),
    stateDirectory: config.state,
  };
}
