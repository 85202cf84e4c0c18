import type { EnvironmentName } from '../../base/environments.ts';
import type { Secret } from '../../base/secret.ts';
import type { HttpRequest } from '../http/request.ts';
import { type FlagState, type FlagsService, sendingFlags } from './flags.ts';
import { createUnleashApi, type UnleashApi } from './unleash-api.ts';
import { flagPath, type UnleashPlace } from './unleash-changes.ts';
import { unleashPreparations } from './unleash-sending.ts';

/** The configuration of the flag service with its secrets resolved. */
export interface UnleashOptions {
  /** The base address; an ending `/api` is left out. */
  readonly url: string;
  readonly adminToken: Secret;
  readonly clientTokens: Readonly<Record<EnvironmentName, Secret>>;
  readonly project: string;
  /** What Unleash calls each environment. */
  readonly environments: Readonly<Record<EnvironmentName, string>>;
  /** Milliseconds for one call; 5,000 when left out. */
  readonly timeoutMs?: number;
  readonly dispatcher?: HttpRequest['dispatcher'];
}

/** A flag from an answer. Loaded with the first one: preparing changes needs no schema library. */
async function flagOf(
  api: UnleashApi,
  path: string,
  token: Secret,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<FlagState> {
  const [answer, { parseFlag }] = await Promise.all([
    api.ask({ path, token }, signal),
    import('./unleash-shape.ts'),
  ]);
  return parseFlag(answer, environment, `GET ${api.url}${path}`);
}

/** Opens Unleash as the flag service. Nothing is sent before the first call. */
export function openUnleash(options: UnleashOptions): FlagsService {
  const api = createUnleashApi(options.url, options.timeoutMs ?? 5_000, options.dispatcher);
  const place: UnleashPlace = { ...options, url: api.url };
  const reading: Pick<FlagsService, 'read' | 'prepare'> = {
    read: (flag, environment, signal) =>
      flagOf(api, flagPath(place, flag, environment), options.adminToken, environment, signal),
    prepare: unleashPreparations(api, place),
  };
  return {
    label: `unleash ${api.url}`,
    health: async (signal) => {
      const { examineUnleash } = await import('./unleash-health.ts');
      return examineUnleash({ ...options, api }, signal);
    },
    ...reading,
    // One feature by name is answered past the cache that the list of features has.
    seen: (flag, environment, signal) => {
      const path = `/api/client/features/${encodeURIComponent(flag)}`;
      return flagOf(api, path, options.clientTokens[environment], environment, signal);
    },
    ...sendingFlags(reading),
  };
}
