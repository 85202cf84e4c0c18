import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { HttpRequest } from '../http/request.ts';
import type { CohortName, FlagState, FlagStrategy, FlagsService } from './flags.ts';
import { createUnleashApi, type UnleashApi, UnleashRefusal } from './unleash-api.ts';
import { examineUnleash } from './unleash-health.ts';
import { parseFlag, strategyBody } from './unleash-shape.ts';

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

/** Low, so that strategies made by hand (9999 unless moved) come after ours. */
const sortOrders: Readonly<Record<CohortName, number>> = { candidate: 1, stable: 2 };
/** A bulk call that hangs must leave time for the single ones: this is a rollback's first act. */
const bulkTimeoutMs = 2_500;

interface Context extends UnleashOptions {
  readonly api: UnleashApi;
}

/** Opens Unleash as the flag service. Nothing is sent before the first call. */
export function openUnleash(options: UnleashOptions): FlagsService {
  const api = createUnleashApi(options.url, options.timeoutMs ?? 5_000, options.dispatcher);
  const context: Context = { ...options, api };
  return {
    label: `unleash ${api.url}`,
    health: (signal) => examineUnleash({ ...options, api }, signal),
    read: (flag, environment, signal) => read(context, flag, environment, signal),
    seen: (flag, environment, signal) => seen(context, flag, environment, signal),
    enable: (flag, environment, signal) => toggle(context, flag, environment, 'on', signal),
    disable: (flags, environment, signal) => disable(context, flags, environment, signal),
    setCohort: (flag, environment, cohort, signal) =>
      setCohort(context, flag, environment, cohort, signal),
    removeCohort: (flag, environment, cohort, signal) =>
      removeCohort(context, flag, environment, cohort, signal),
  };
}

const projectPath = (context: Context) =>
  `/api/admin/projects/${encodeURIComponent(context.project)}`;

const flagPath = (context: Context, flag: string, environment: EnvironmentName) =>
  `${projectPath(context)}/features/${encodeURIComponent(flag)}/environments/` +
  encodeURIComponent(context.environments[environment]);

async function read(
  context: Context,
  flag: string,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<FlagState> {
  const path = flagPath(context, flag, environment);
  const answer = await context.api.call({ path, token: context.adminToken }, signal);
  return parseFlag(answer, environment, `GET ${context.api.url}${path}`);
}

/** One feature by name is answered past the cache that the list of features has. */
async function seen(
  context: Context,
  flag: string,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<FlagState> {
  const path = `/api/client/features/${encodeURIComponent(flag)}`;
  const token = context.clientTokens[environment];
  const answer = await context.api.call({ path, token }, signal);
  return parseFlag(answer, environment, `GET ${context.api.url}${path}`);
}

async function toggle(
  context: Context,
  flag: string,
  environment: EnvironmentName,
  to: 'on' | 'off',
  signal: AbortSignal,
): Promise<void> {
  const path = `${flagPath(context, flag, environment)}/${to}`;
  await context.api.call({ method: 'POST', path, token: context.adminToken }, signal);
}

/**
 * The bulk call refuses all flags when one of them does not exist, so after any failure each is tried
 * alone: whatever can be switched off is.
 */
async function disable(
  context: Context,
  flags: readonly string[],
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<void> {
  if (flags.length === 0) return;
  const name = encodeURIComponent(context.environments[environment]);
  try {
    await context.api.call(
      {
        method: 'POST',
        path: `${projectPath(context)}/bulk_features/environments/${name}/off`,
        token: context.adminToken,
        body: { features: flags },
        timeoutMs: Math.min(bulkTimeoutMs, context.timeoutMs ?? bulkTimeoutMs),
      },
      signal,
    );
  } catch {
    signal.throwIfAborted();
    await disableOneByOne(context, flags, environment, signal);
  }
}

async function disableOneByOne(
  context: Context,
  flags: readonly string[],
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<void> {
  const results = await Promise.allSettled(
    flags.map((flag) => toggle(context, flag, environment, 'off', signal)),
  );
  signal.throwIfAborted();
  const failed = flags.flatMap((flag, i) => {
    const result = results[i];
    return result?.status === 'rejected' ? [{ flag, error: result.reason as unknown }] : [];
  });
  const [first] = failed;
  if (first === undefined) return;
  const names = failed.map(({ flag }) => flag).join(', ');
  const cause = first.error;
  throw new AuroraError(
    cause instanceof AuroraError ? cause.code : 'SERVICE_UNREACHABLE',
    `not switched off in ${environment}: ${names}; ${messageOf(cause)}`,
    {
      where: context.api.url,
      ...(cause instanceof AuroraError ? { remedy: cause.remedy } : {}),
      cause,
    },
  );
}

/** Where a new strategy goes, and whether the other cohort's must be moved behind or before it. */
function isMisplaced(cohort: CohortName, other: FlagStrategy | undefined): boolean {
  if (other === undefined) return false;
  const own = sortOrders[cohort];
  return cohort === 'candidate' ? other.sortOrder <= own : other.sortOrder >= own;
}

async function setCohort(
  context: Context,
  flag: string,
  environment: EnvironmentName,
  cohort: { readonly name: CohortName; readonly percent: number; readonly build: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `${flagPath(context, flag, environment)}/strategies`;
  const token = context.adminToken;
  const { strategies } = await read(context, flag, environment, signal);
  const [present, ...duplicates] = strategies.filter((s) => s.cohort === cohort.name);
  const other = strategies.find((s) => s.cohort !== null && s.cohort !== cohort.name);
  if (other !== undefined && isMisplaced(cohort.name, other)) {
    const sortOrder = other.cohort === null ? other.sortOrder : sortOrders[other.cohort];
    const body = [{ id: other.id, sortOrder }];
    await context.api.call({ method: 'POST', path: `${path}/set-sort-order`, token, body }, signal);
  }
  const body = strategyBody(flag, cohort, sortOrders[cohort.name]);
  // In place: between a removal and a creation every session of the cohort would change sides.
  const write =
    present === undefined
      ? ({ method: 'POST', path, token, body } as const)
      : ({
          method: 'PUT',
          path: `${path}/${encodeURIComponent(present.id)}`,
          token,
          body,
        } as const);
  await context.api.call(write, signal);
  for (const { id } of duplicates) await removeStrategy(context, path, id, signal);
}

async function removeCohort(
  context: Context,
  flag: string,
  environment: EnvironmentName,
  cohort: CohortName,
  signal: AbortSignal,
): Promise<void> {
  const path = `${flagPath(context, flag, environment)}/strategies`;
  const { strategies } = await read(context, flag, environment, signal);
  for (const { id } of strategies.filter((s) => s.cohort === cohort)) {
    await removeStrategy(context, path, id, signal);
  }
}

/** Somebody else may have been faster: gone is gone. */
async function removeStrategy(
  context: Context,
  path: string,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const call = { method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` } as const;
    await context.api.call({ ...call, token: context.adminToken }, signal);
  } catch (error) {
    if (!(error instanceof UnleashRefusal && error.status === 404)) throw error;
  }
}
