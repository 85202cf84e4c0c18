import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import type { UnleashOptions } from './unleash.ts';
import type { UnleashApi } from './unleash-api.ts';

type Examined = Pick<UnleashOptions, 'adminToken' | 'clientTokens' | 'environments' | 'project'> & {
  readonly api: UnleashApi;
};

/** The version, when the administration token is good; throws when it is not. */
async function versionOf({ api, adminToken }: Examined, signal: AbortSignal): Promise<string> {
  const answer = await api.ask({ path: '/api/admin/ui-config', token: adminToken }, signal);
  const version = (answer as { version?: unknown } | undefined)?.version;
  return typeof version === 'string' ? version : 'of unknown version';
}

/** A token of the wrong environment would show another flag's truth, so the answer is asked for it. */
async function examineClient(
  { api, clientTokens, environments }: Examined,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<void> {
  const path = '/api/client/features';
  const answer = await api.ask({ path, token: clientTokens[environment] }, signal);
  const seen = (answer as { query?: { environment?: unknown } } | undefined)?.query?.environment;
  const wanted = environments[environment];
  if (seen === undefined || seen === wanted) return;
  throw new AuroraError(
    'SERVICE_REFUSED',
    `the client token of ${environment} reads "${String(seen)}", not "${wanted}"`,
    { remedy: `Give services.flags.clientTokens.${environment} a token of "${wanted}".` },
  );
}

/** Reaches Unleash with every configured token, changing nothing; never throws. */
export async function examineUnleash(
  examined: Examined,
  signal: AbortSignal,
): Promise<ServiceHealth> {
  try {
    const [version] = await Promise.all([
      versionOf(examined, signal),
      ...environmentNames.map((environment) => examineClient(examined, environment, signal)),
    ]);
    return { ok: true, detail: `Unleash ${version}, tokens for admin, staging and production` };
  } catch (error) {
    const detail = messageOf(error);
    return error instanceof AuroraError
      ? { ok: false, detail, remedy: error.remedy }
      : { ok: false, detail };
  }
}
