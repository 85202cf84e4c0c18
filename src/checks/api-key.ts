import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { vaultReference } from '../config/env-file.ts';
import type { CheckContext } from './kind.ts';

const keyVariable = 'CONCIERGE_API_KEY';

/**
 * The key that the environment's own callers use: what its env file refers to. ENV_FILE_INVALID when
 * it names none; SERVICE_* when the vault cannot tell it.
 */
export async function apiKeyOf(
  environment: EnvironmentName,
  context: Pick<CheckContext, 'environments' | 'services' | 'signal'>,
): Promise<Secret> {
  const { envFile, variables } = context.environments[environment];
  const written = (await variables()).get(keyVariable);
  if (written === undefined || written === '') {
    throw new AuroraError('ENV_FILE_INVALID', `${keyVariable} is unset`, { where: envFile });
  }
  const reference = vaultReference(written);
  if (reference === null) return new Secret(written, envFile);
  return (await context.services.secrets()).read(reference, context.signal);
}
