import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { PlannedOrigins } from '../checks/environments-list.ts';
import type { EnvironmentView } from '../checks/kind.ts';
import type { Dispatcher } from '../services/http/connect.ts';
import { readEnvFile } from './env-file.ts';
import type { LoadedConfig } from './load-config.ts';
import type { SecretReferenceConfig } from './secret-reference.ts';

/** Reads the secret of a reference; `where` is its path in the configuration. */
export type Resolve = (reference: SecretReferenceConfig, where: string) => Promise<Secret>;

/**
 * Both environments as the checks see them. The origin is the one of the plan's own endpoints, not
 * of the env file: what is expected never comes from what is checked. PLAN_INVALID when the matrix
 * holds no address.
 */
export function environmentViews(
  { config, checklists }: Pick<LoadedConfig, 'config' | 'checklists'>,
  origins: PlannedOrigins,
  dispatcher: Dispatcher,
  resolve?: Resolve,
): Readonly<Record<EnvironmentName, EnvironmentView>> {
  const view = (name: EnvironmentName): EnvironmentView => {
    const { envFile, views = {}, viewer } = config.environments[name];
    const origin = origins[name];
    if (origin === undefined) {
      throw new AuroraError('PLAN_INVALID', `the matrix names no address in ${name}`, {
        where: `${checklists}/environments.yaml`,
      });
    }
    const variables = () => readEnvFile(envFile);
    const plain = { name, envFile, variables, origin, dispatcher, views };
    if (viewer === undefined || resolve === undefined) return plain;
    return { ...plain, viewerToken: () => resolve(viewer, `environments/${name}/viewer`) };
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
