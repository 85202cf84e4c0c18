import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import type { PlannedOrigins } from '../checks/environments-list.ts';
import type { EnvironmentView } from '../checks/kind.ts';
import type { Dispatcher } from '../services/http/connect.ts';
import { readEnvFile } from './env-file.ts';
import type { LoadedConfig } from './load-config.ts';

/**
 * Both environments as the checks see them. The origin is the one of the plan's own endpoints, not
 * of the env file: what is expected never comes from what is checked. PLAN_INVALID when the matrix
 * holds no address.
 */
export function environmentViews(
  { config, checklists }: Pick<LoadedConfig, 'config' | 'checklists'>,
  origins: PlannedOrigins,
  dispatcher: Dispatcher,
): Readonly<Record<EnvironmentName, EnvironmentView>> {
  const view = (name: EnvironmentName): EnvironmentView => {
    const { envFile, views = {} } = config.environments[name];
    const origin = origins[name];
    if (origin === undefined) {
      throw new AuroraError('PLAN_INVALID', `the matrix names no address in ${name}`, {
        where: `${checklists}/environments.yaml`,
      });
    }
    return { name, envFile, variables: () => readEnvFile(envFile), origin, dispatcher, views };
  };
  return { staging: view('staging'), production: view('production') };
}

/** Every mapping of the configuration in one, for the one dispatcher of outgoing HTTP. */
export function connectMap({ config }: Pick<LoadedConfig, 'config'>): Record<string, string> {
  return Object.assign(
    {},
    ...environmentNames.map((name) => config.environments[name].connect ?? {}),
  );
}
